//! Days and times as a language writes them: those that CLDR calls medium and short, as `Intl.DateTimeFormat` has them in
//! browsers (decision 35). Digits are the same in all languages, as in our other numbers.

use super::types::Language;

/// A point in time, by its parts.
struct Moment<'a> {
    year: &'a str,
    /// From 0.
    month: usize,
    day: &'a str,
    /// Hour, minute and the seconds, where they are told.
    time: Option<(u32, &'a str, Option<&'a str>)>,
}

const ENGLISH: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const SPANISH: [&str; 12] = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"];
const FRENCH: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
const PORTUGUESE: [&str; 12] =
    ["jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez."];

/// Reads `YYYY-MM-DD`, with ` HH:MM` or ` HH:MM:SS` behind it or without; no other text.
fn read(at: &str) -> Option<Moment<'_>> {
    let is = |text: &str, mark: char, digits: &[usize]| {
        text.split(mark).map(str::len).eq(digits.iter().copied())
            && text.chars().all(|char| char.is_ascii_digit() || char == mark)
    };
    let (date, time) = at.split_once(' ').map_or((at, None), |(date, time)| (date, Some(time)));
    if !is(date, '-', &[4, 2, 2]) || !time.is_none_or(|time| is(time, ':', &[2, 2]) || is(time, ':', &[2, 2, 2])) {
        return None;
    }
    let time = match time {
        Some(time) => Some((time.get(..2)?.parse().ok()?, time.get(3..5)?, time.get(6..))),
        None => None,
    };
    let month = date.get(5..7)?.parse::<usize>().ok()?.checked_sub(1).filter(|month| *month < 12)?;
    Some(Moment { year: date.get(..4)?, month, day: date.get(8..)?, time })
}

impl Language {
    /// The day and the time of the day of a point in time, each as this language writes it. Nothing for what is none.
    pub fn day_and_time(self, at: &str) -> Option<(String, Option<String>)> {
        let Moment { year, month, day, time } = read(at)?;
        let short = day.trim_start_matches('0');
        let named = |names: [&'static str; 12]| names[month];
        let number = month + 1;
        let date = match self {
            Self::En => format!("{} {short}, {year}", named(ENGLISH)),
            Self::De => format!("{day}.{number:02}.{year}"),
            Self::Es => format!("{short} {} {year}", named(SPANISH)),
            Self::Fr => format!("{short} {} {year}", named(FRENCH)),
            Self::Pt => format!("{short} de {} de {year}", named(PORTUGUESE)),
            Self::Ja => format!("{year}/{number:02}/{day}"),
            // From right to left, as the marks say to programs that show it.
            Self::Ar => format!("{day}\u{200f}/{number:02}\u{200f}/{year}"),
        };
        let time = time.map(|(hour, minute, second)| {
            let rest = second.map_or_else(|| minute.to_owned(), |second| format!("{minute}:{second}"));
            let of_twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
            match self {
                Self::En => format!("{of_twelve}:{rest} {}", if hour < 12 { "AM" } else { "PM" }),
                Self::De | Self::Fr | Self::Pt => format!("{hour:02}:{rest}"),
                Self::Es | Self::Ja => format!("{hour}:{rest}"),
                Self::Ar => format!("{of_twelve}:{rest} {}", if hour < 12 { "ص" } else { "م" }),
            }
        });
        Some((date, time))
    }

    /// A point in time as it stands in a sentence. What is none stays as it is.
    pub fn moment(self, at: &str) -> String {
        match self.day_and_time(at) {
            Some((day, Some(time))) => format!("{day} {time}"),
            Some((day, None)) => day,
            None => at.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_are_those_of_the_language() {
        // As `Intl.DateTimeFormat` of Chromium writes them (`dateStyle: 'medium'`, `timeStyle: 'short'`).
        for (language, early, late) in [
            (Language::En, "Jan 5, 2026 12:05 AM", "Sep 28, 2026 1:05 PM"),
            (Language::De, "05.01.2026 00:05", "28.09.2026 13:05"),
            (Language::Es, "5 ene 2026 0:05", "28 sept 2026 13:05"),
            (Language::Fr, "5 janv. 2026 00:05", "28 sept. 2026 13:05"),
            (Language::Pt, "5 de jan. de 2026 00:05", "28 de set. de 2026 13:05"),
            (Language::Ja, "2026/01/05 0:05", "2026/09/28 13:05"),
            (Language::Ar, "05\u{200f}/01\u{200f}/2026 12:05 ص", "28\u{200f}/09\u{200f}/2026 1:05 م"),
        ] {
            assert_eq!(language.moment("2026-01-05 00:05"), early);
            assert_eq!(language.moment("2026-09-28 13:05"), late);
        }
        assert_eq!(Language::En.moment("2026-12-31 12:00:09"), "Dec 31, 2026 12:00:09 PM");
        assert_eq!(Language::Ja.moment("2026-12-31"), "2026/12/31");
    }

    #[test]
    fn only_times_are_taken_for_times() {
        for text in [
            "",
            "Never",
            "2026-01-31 8:05",
            "2026-13-01",
            "2026-00-01 00:00",
            "2026-0x-31 08:05",
            "no time",
            "2026-01-31 08:05:0",
        ] {
            assert_eq!(Language::De.moment(text), text);
        }
    }
}
