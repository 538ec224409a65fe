//! The languages that there are.

use serde::{Deserialize, Serialize};

/// A language that people can choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, which the texts are written in first.
    #[default]
    En,
    /// German.
    De,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Portuguese, as in Brazil.
    Pt,
    /// Japanese.
    Ja,
    /// Arabic.
    Ar,
}

impl Language {
    /// All of them, in the order of `build.rs`.
    pub const ALL: [Self; 7] = [Self::En, Self::De, Self::Es, Self::Fr, Self::Pt, Self::Ja, Self::Ar];

    /// The name in documents, headers, tables and file names (BCP 47).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::Pt => "pt",
            Self::Ja => "ja",
            Self::Ar => "ar",
        }
    }

    /// What those call it who speak it.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::Pt => "Português",
            Self::Ja => "日本語",
            Self::Ar => "العربية",
        }
    }

    /// In which direction it is written, as HTML says it.
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            _ => "ltr",
        }
    }

    /// A number as it stands in a sentence.
    pub fn number(self, number: u32) -> String {
        let digits = number.to_string();
        let (mark, grouped) = match self {
            Self::En | Self::Ja | Self::Ar => (',', 4),
            Self::De | Self::Pt => ('.', 4),
            // With four digits there is no mark (CLDR: minimumGroupingDigits).
            Self::Es => ('.', 5),
            Self::Fr => ('\u{202f}', 4),
        };
        let mut text = String::with_capacity(digits.len() + 4);
        for (place, digit) in digits.chars().enumerate() {
            let left = digits.len() - place;
            if place > 0 && left.is_multiple_of(3) && digits.len() >= grouped {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }

    /// The first of the languages that a browser asks for that there is (RFC 9110 §12.5.4), whatever its country.
    #[cfg(feature = "ssr")]
    pub fn of_header(accept_language: &str) -> Option<Self> {
        let mut best = None;
        for part in accept_language.split(',') {
            let mut parts = part.split(';');
            let range = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok());
            let main = range.split('-').next().unwrap_or_default().to_ascii_lowercase();
            let (Ok(language), Some(weight)) = (main.parse(), weight) else { continue };
            // What is named first goes before what is wished for as much.
            if weight > best.map_or(0.0, |(best, _): (f32, Self)| best) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

impl std::str::FromStr for Language {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|language| language.as_str() == text).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_the_marks_of_its_language() {
        for (language, number, text) in [
            (Language::En, 999, "999"),
            (Language::En, 1_000, "1,000"),
            (Language::De, 12_345_678, "12.345.678"),
            (Language::Es, 1_234, "1234"),
            (Language::Es, 12_345, "12.345"),
            (Language::Fr, 1_234, "1\u{202f}234"),
            (Language::Ar, 1_234, "1,234"),
        ] {
            assert_eq!(language.number(number), text);
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_browsers_first_wish_that_there_is_counts() {
        for (header, language) in [
            ("en-US,en;q=0.9", Some(Language::En)),
            ("de", Some(Language::De)),
            ("de-AT, en;q=0.5", Some(Language::De)),
            ("nl, fr;q=0.3, pt-BR;q=0.7", Some(Language::Pt)),
            ("DE-de", Some(Language::De)),
            ("fr;q=0.5, es;q=0.5", Some(Language::Fr)),
            ("ar;q=0, en;q=0.1", Some(Language::En)),
            ("nl, *", None),
            ("de;q=x", None),
            ("", None),
            ("deutsch", None),
            (",;=,", None),
        ] {
            assert_eq!(Language::of_header(header), language, "{header}");
        }
    }
}
