//! Which form of a text goes with a number: the cardinal rules of CLDR 48 for whole numbers
//! (<https://www.unicode.org/cldr/charts/48/supplemental/language_plural_rules.html>).

use super::types::Language;

/// The forms by their names in CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Form {
    /// The name in the translation files.
    #[cfg(not(feature = "ssr"))]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }
}

/// The form of a language for so many.
pub const fn form_of(language: Language, count: u32) -> Form {
    match (language, count) {
        (Language::Ja, _) => Form::Other,
        (Language::Ar, 0) => Form::Zero,
        (Language::Ar, 2) => Form::Two,
        (Language::Fr | Language::Pt, 0) | (_, 1) => Form::One,
        (Language::Ar, _) => match count % 100 {
            3..=10 => Form::Few,
            11..=99 => Form::Many,
            _ => Form::Other,
        },
        (Language::Es | Language::Fr | Language::Pt, 1..) if count.is_multiple_of(1_000_000) => Form::Many,
        _ => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_the_forms_of_cldr() {
        use Form::{Few, Many, One, Other, Two, Zero};
        for (language, numbers) in [
            (Language::En, &[(0, Other), (1, One), (2, Other), (1_000_000, Other)][..]),
            (Language::De, &[(0, Other), (1, One), (2, Other), (101, Other)]),
            (Language::Es, &[(0, Other), (1, One), (2, Other), (1_000_000, Many), (1_000_001, Other)]),
            (Language::Fr, &[(0, One), (1, One), (2, Other), (2_000_000, Many)]),
            (Language::Pt, &[(0, One), (1, One), (2, Other), (1_000_000, Many)]),
            (Language::Ja, &[(0, Other), (1, Other), (2, Other)]),
            (
                Language::Ar,
                &[
                    (0, Zero),
                    (1, One),
                    (2, Two),
                    (3, Few),
                    (10, Few),
                    (11, Many),
                    (99, Many),
                    (100, Other),
                    (102, Other),
                    (103, Few),
                    (111, Many),
                    (1_000, Other),
                ],
            ),
        ] {
            for (number, form) in numbers {
                assert_eq!(form_of(language, *number), *form, "{number} in {language:?}");
            }
        }
    }
}
