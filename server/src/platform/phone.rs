//! Phone numbers: typed as people write them, kept as E.164. Google's rules by way of the crate `phonenumber`.

use app::{enrollment::types::Country, error::Problem, text::plain_signs};
use phonenumber::{Mode, PhoneNumber, Type, country::Id, metadata::DATABASE};
use std::sync::LazyLock;

/// The longest number that is looked at, in characters, with all that people put between the digits.
const TYPED_MAX: u32 = 40;
/// The longest number, in digits (ITU-T E.164 §6.2.1).
const DIGITS_MAX: usize = 15;
/// The names of countries, in the common English form of the Unicode CLDR, one a line behind its two letters.
const NAMES: &str = include_str!("countries.txt");
/// How many digits at the end the numbers of one range differ in.
const RANGE_DIGITS: usize = 3;

/// A number that text messages may go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// As E.164: a plus sign and digits.
    pub e164: String,
    /// The country that the number belongs to, in two letters.
    pub country: &'static str,
}

/// Reads a number in a country's own form, or in the international one with a plus sign, whatever the country.
///
/// # Errors
/// Why text messages cannot go there.
pub fn parse(country: &str, typed: &str) -> Result<Phone, Problem> {
    let typed = plain_signs(typed);
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Problem::Required);
    }
    if typed.chars().count() > TYPED_MAX as usize {
        return Err(Problem::TooLong(TYPED_MAX));
    }
    let expected = |c: char| c.is_ascii_digit() || "+ ()-./".contains(c);
    if !typed.chars().all(expected) {
        return Err(Problem::NotAPhoneNumber);
    }
    let id = if typed.starts_with('+') { None } else { Some(country.parse::<Id>().map_err(|_| Problem::NotAChoice)?) };
    let number = phonenumber::parse(id, typed).map_err(|_| Problem::NotAPhoneNumber)?;
    checked(&number)
}

/// Reads a number in the international form, where nobody chose a country.
///
/// # Errors
/// Why text messages cannot go there.
pub fn parse_international(typed: &str) -> Result<Phone, Problem> {
    parse("", typed).map_err(|problem| match problem {
        // Without a country, a number in a country's own form is none.
        Problem::NotAChoice => Problem::NotInternational,
        problem => problem,
    })
}

/// The country of a stored number, in two letters.
pub fn country_of(e164: &str) -> Option<&'static str> {
    parse("", e164).ok().map(|phone| phone.country)
}

fn checked(number: &PhoneNumber) -> Result<Phone, Problem> {
    let e164 = number.format().mode(Mode::E164).to_string();
    let digits = e164.strip_prefix('+').unwrap_or_default();
    let plain = digits.len() <= DIGITS_MAX && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || number.extension().is_some() || !phonenumber::is_valid(number) {
        return Err(Problem::NotAPhoneNumber);
    }
    // What else a number may be costs extra, or has no screen to read a code from.
    if !matches!(number.number_type(&DATABASE), Type::Mobile | Type::FixedLineOrMobile) {
        return Err(Problem::NotAMobileNumber);
    }
    let country = number.country().id().and_then(|id| known(id.as_ref())).ok_or(Problem::NotAPhoneNumber)?;
    Ok(Phone { e164, country })
}

/// A number as its owner recognises it: the calling code and the last two digits.
pub fn mask(e164: &str) -> String {
    let code = phonenumber::parse(None, e164).map(|number| number.code().value().to_string()).unwrap_or_default();
    let end = e164.get(e164.len().saturating_sub(2)..).unwrap_or_default();
    format!("+{code}•••••••{end}")
}

/// The range that a number belongs to: who earns by messages rents numbers side by side.
pub fn range(e164: &str) -> &str {
    e164.get(..e164.len().saturating_sub(RANGE_DIGITS)).unwrap_or_default()
}

/// The countries that have numbers, by name.
pub fn countries() -> &'static [Country] {
    static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
        let mut all: Vec<_> = NAMES
            .lines()
            .filter_map(|line| {
                let (code, name) = line.split_once(' ')?;
                let calling = DATABASE.by_id(code)?.country_code();
                Some(Country { code: code.to_owned(), name: name.to_owned(), calling })
            })
            .collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    });
    &COUNTRIES
}

/// A country of the list, whatever the case of its letters.
pub fn known(code: &str) -> Option<&'static str> {
    countries().iter().find(|country| country.code.eq_ignore_ascii_case(code)).map(|country| country.code.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn e164(country: &str, typed: &str) -> Result<(String, &'static str), Problem> {
        parse(country, typed).map(|phone| (phone.e164, phone.country))
    }

    #[test]
    fn numbers_in_their_countrys_form_become_e164() {
        for (country, typed, wanted, belongs) in [
            ("GB", "07400 123456", "+447400123456", "GB"),
            ("GB", "(07400) 123-456", "+447400123456", "GB"),
            ("GB", "\u{202d}٠٧٤٠٠\u{a0}١٢٣–٤٥٦\u{202c}", "+447400123456", "GB"),
            ("GB", "＋４４ 7400\u{200b}123456", "+447400123456", "GB"),
            ("DE", "0151 / 23456789", "+4915123456789", "DE"),
            ("FR", "06.12.34.56.78", "+33612345678", "FR"),
            ("IT", "312 345 6789", "+393123456789", "IT"),
            ("US", "(201) 555-0123", "+12015550123", "US"),
            ("CA", "506-234-5678", "+15062345678", "CA"),
            ("IN", "081234 56789", "+918123456789", "IN"),
            ("BR", "(11) 96123-4567", "+5511961234567", "BR"),
            ("GB", "+49 151 23456789", "+4915123456789", "DE"),
            ("XX", "+33 6 12 34 56 78", "+33612345678", "FR"),
        ] {
            assert_eq!(e164(country, typed), Ok((wanted.to_owned(), belongs)), "{country} {typed}");
            assert_eq!(country_of(wanted), Some(belongs));
        }
    }

    #[test]
    fn countries_that_share_a_calling_code_are_told_apart() {
        for (number, country) in [
            ("+447400123456", "GB"),
            ("+447797712345", "JE"),
            ("+447624123456", "IM"),
            ("+12015550123", "US"),
            ("+18762101234", "JM"),
            ("+18092345678", "DO"),
            ("+77710009998", "KZ"),
            ("+79123456789", "RU"),
        ] {
            assert_eq!(country_of(number), Some(country), "{number}");
        }
    }

    #[test]
    fn what_is_no_mobile_number_is_refused_with_its_reason() {
        for (country, typed, problem) in [
            ("GB", " ", Problem::Required),
            ("GB", "0", Problem::NotAPhoneNumber),
            ("GB", "07400", Problem::NotAPhoneNumber),
            ("GB", "07400 123456789", Problem::NotAPhoneNumber),
            ("GB", "call me", Problem::NotAPhoneNumber),
            ("GB", "tel:07400123456", Problem::NotAPhoneNumber),
            ("GB", "07400123456;ext=5", Problem::NotAPhoneNumber),
            ("GB", "07400123456\r\nBcc: x", Problem::NotAPhoneNumber),
            ("GB", "+999 123456789", Problem::NotAPhoneNumber),
            ("GB", "0121 234 5678", Problem::NotAMobileNumber),
            ("GB", "0909 879 0000", Problem::NotAMobileNumber),
            ("DE", "0900 1 234567", Problem::NotAMobileNumber),
            ("US", "900-234-5678", Problem::NotAMobileNumber),
            ("GB", "+800 1234 0000", Problem::NotAMobileNumber),
            ("ZZ", "07400 123456", Problem::NotAChoice),
            ("", "07400 123456", Problem::NotAChoice),
            ("GB", &"0".repeat(41), Problem::TooLong(TYPED_MAX)),
        ] {
            assert_eq!(e164(country, typed), Err(problem), "{country} {typed:?}");
        }
    }

    #[test]
    fn a_mask_shows_the_calling_code_and_the_end() {
        assert_eq!(mask("+447400123489"), "+44•••••••89");
        assert_eq!(mask("+12015550123"), "+1•••••••23");
        assert_eq!(range("+447400123489"), "+447400123");
    }

    #[test]
    fn the_list_has_every_country_once_with_its_calling_code() {
        let all = countries();
        assert!(all.len() > 230, "{}", all.len());
        let code = |code: &str| all.iter().find(|country| country.code == code).map(|country| country.calling);
        assert_eq!((code("GB"), code("US"), code("DE"), code("AQ")), (Some(44), Some(1), Some(49), None));
        let name = |code: &str| all.iter().find(|country| country.code == code).map(|country| country.name.as_str());
        assert_eq!((name("GB"), name("CI")), (Some("United Kingdom"), Some("Côte d’Ivoire")));
        assert_eq!((known("gb"), known("ZZ"), known("")), (Some("GB"), None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn no_input_is_a_panic(country in "\\PC{0,3}|[A-Z]{2}", typed in "\\PC{0,60}") {
            let _ = parse(&country, &typed);
            let _ = (mask(&typed), country_of(&typed), range(&typed).len(), known(&country));
        }

        #[test]
        fn digits_give_a_number_of_the_country_or_a_problem(
            country in prop::sample::select(countries().iter().map(|country| country.code.as_str()).collect::<Vec<_>>()),
            typed in "\\+?[0-9 ()./-]{1,39}",
        ) {
            if let Ok(phone) = parse(country, &typed) {
                prop_assert!(phone.e164.starts_with('+') && phone.e164.len() <= DIGITS_MAX + 1);
                prop_assert!(phone.e164[1..].bytes().all(|byte| byte.is_ascii_digit()));
                let again = parse("", &phone.e164);
                prop_assert_eq!(again, Ok(phone));
            }
        }
    }
}
