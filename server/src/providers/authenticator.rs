//! Codes that an app makes of a shared seed and the time (RFC 6238): SHA-1, 6 digits, steps of 30 s. Nothing is sent.

use crate::platform::vault::{random, same};
use data_encoding::BASE32_NOPAD;
use fast_qr::{ECL, QRBuilder, convert::svg::SvgBuilder};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_lite::{Sha1, totp_custom};

/// How long a code stands, in seconds.
pub const STEP: i64 = 30;
/// How many digits a code has.
const DIGITS: u32 = 6;
/// How many bytes a seed has: 160 bits (RFC 4226 §4 R6).
const SEED_BYTES: usize = 20;

/// A new random seed in base32, the form in which people can type it.
pub fn new_seed() -> String {
    BASE32_NOPAD.encode(&random::<SEED_BYTES>())
}

/// The code of a seed at a step; none before 1970.
pub fn code_at(seed: &[u8], step: i64) -> Option<String> {
    let time = u64::try_from(step.checked_mul(STEP)?).ok()?;
    Some(totp_custom::<Sha1>(STEP.unsigned_abs(), DIGITS, seed, time))
}

/// The step whose code this is: the one of now, or one before or after it (RFC 6238 §5.2). All three are compared, so
/// that the time tells nothing.
pub fn matching_step(seed: &str, code: &str, now: i64) -> Option<i64> {
    let seed = BASE32_NOPAD.decode(seed.as_bytes()).ok()?;
    let this = now.div_euclid(STEP);
    let fits = |step: &i64| code_at(&seed, *step).is_some_and(|right| same(&right, code));
    [this - 1, this, this + 1].into_iter().filter(fits).collect::<Vec<_>>().pop()
}

/// The seed with its settings, as authenticator apps read it (the key URI format of Google Authenticator). Apps that
/// decode the label before they look for the colon between its parts would find another one within them.
pub fn key_uri(brand: &str, account: &str, seed: &str) -> String {
    let [brand, account] = [brand, account].map(|text| {
        let words: Vec<_> = text.split(|sign: char| sign == ':' || sign.is_whitespace()).collect();
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let [brand, account] = [brand, account].map(|text| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string());
    let (digits, step) = (DIGITS, STEP);
    format!(
        "otpauth://totp/{brand}:{account}?secret={seed}&issuer={brand}&algorithm=SHA1&digits={digits}&period={step}"
    )
}

/// The same as a picture: an SVG element, black on white whatever the page's colours.
pub fn qr_code(uri: &str) -> Option<String> {
    // The second lowest level of four is enough for a screen and keeps the modules large.
    let code = QRBuilder::new(uri).ecl(ECL::M).build().ok()?;
    Some(SvgBuilder::default().to_str(&code))
}

/// The seed in groups of four, for people who type it.
pub fn groups(seed: &str) -> String {
    let letters: Vec<char> = seed.chars().collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{collections::BTreeSet, process::Command};

    const RFC_SEED: &[u8] = b"12345678901234567890";

    /// RFC 6238 appendix B, SHA-1, and RFC 4226 appendix D: its last six digits.
    #[test]
    fn codes_are_those_of_the_standards() {
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(code_at(RFC_SEED, time / STEP).as_deref(), Some(code), "{time}");
            assert_eq!(matching_step(&BASE32_NOPAD.encode(RFC_SEED), code, time), Some(time / STEP));
        }
        for (counter, code) in ["755224", "287082", "359152", "969429", "338314"].into_iter().enumerate() {
            assert_eq!(code_at(RFC_SEED, i64::try_from(counter).expect("small")).as_deref(), Some(code));
        }
        for (time, code) in [(59, "94287082"), (1_111_111_109, "07081804"), (20_000_000_000, "65353130")] {
            assert_eq!(totp_custom::<Sha1>(30, 8, RFC_SEED, time), code);
        }
    }

    #[test]
    fn one_step_off_is_accepted_and_two_are_not() {
        let (seed, now) = (new_seed(), 1_767_225_600);
        let code = code_at(&BASE32_NOPAD.decode(seed.as_bytes()).expect("base32"), now / STEP).expect("a code");
        for (offset, accepted) in [(-60, false), (-30, true), (0, true), (29, true), (30, true), (60, false)] {
            assert_eq!(matching_step(&seed, &code, now + offset).is_some(), accepted, "{offset}");
        }
    }

    /// Codes of an implementation that is not ours.
    #[test]
    fn codes_of_oathtool_are_accepted() {
        let (seed, now) = (new_seed(), 1_767_225_601);
        let made = Command::new("oathtool").args(["--totp", "--base32", "--now", "@1767225601", &seed]).output();
        let made = made.expect("oathtool is installed; scripts/setup.sh test does it");
        assert!(made.status.success(), "{made:?}");
        let code = String::from_utf8(made.stdout).expect("digits");
        assert_eq!(matching_step(&seed, code.trim(), now), Some(now / STEP));
    }

    #[test]
    fn seeds_have_160_bits_and_are_new_each_time() {
        let seeds: BTreeSet<_> = (0..100).map(|_| new_seed()).collect();
        assert_eq!(seeds.len(), 100);
        assert!(seeds.iter().all(|seed| BASE32_NOPAD.decode(seed.as_bytes()).is_ok_and(|bytes| bytes.len() == 20)));
    }

    #[test]
    fn the_uri_names_brand_and_account_and_adds_no_parameters() {
        let uri = key_uri("A&B: Ltd?x=1", "carla+1@example.org", "JBSWY3DPEHPK3PXP");
        assert!(
            uri.starts_with("otpauth://totp/A%26B%20Ltd%3Fx%3D1:carla%2B1%40example%2Eorg?secret=JBSWY3DPEHPK3PXP&")
        );
        assert!(uri.ends_with("&issuer=A%26B%20Ltd%3Fx%3D1&algorithm=SHA1&digits=6&period=30"), "{uri}");
        assert!(key_uri("Acme: Portal", "a@b.example", "JBSW").starts_with("otpauth://totp/Acme%20Portal:a%40b"));
        assert!(qr_code(&uri).expect("a picture").starts_with("<svg "));
        assert_eq!(groups("JBSWY3DPEH"), "JBSW Y3DP EH");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn nothing_that_is_typed_or_stored_panics(seed in ".{0,60}", code in ".{0,20}", now in any::<i64>(), brand in ".{0,80}") {
            prop_assert_eq!(matching_step(&seed, &code, now).filter(|_| code.len() != 6), None);
            let uri = key_uri(&brand, &code, &seed.replace(|c: char| !c.is_ascii_alphanumeric(), ""));
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(uri.matches('?').count(), 1);
            let _ = qr_code(&uri);
        }
    }
}
