//! The text message that carries a code: one segment of the GSM 7-bit alphabet, or of UCS-2 where a language has other
//! letters, so that it costs one message and arrives whole, and with a last line by which phones know the code and the
//! site that it is for.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
    texts::spoken,
};
use serde::{Deserialize, Serialize};

/// The septets of one segment (3GPP TS 23.040 §9.2.3.24).
pub const SEGMENT: usize = 160;
/// What one segment takes in UCS-2.
pub const UCS_2_SEGMENT: usize = 70;
/// What each of several takes that belong together: a header says so.
const OF_SEVERAL: usize = 153;
const UCS_2_OF_SEVERAL: usize = 67;
/// The brand is cut, but not to less than this for the sake of the last line.
const BRAND_LEAST: usize = 8;
/// The default alphabet: a character's place is its code (3GPP TS 23.038 §6.2.1).
const ALPHABET: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1b}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// What is written as an escape and a second septet (§6.2.1.1).
const EXTENSION: [(char, u8); 9] = [
    ('^', 0x14),
    ('{', 0x28),
    ('}', 0x29),
    ('\\', 0x2f),
    ('[', 0x3c),
    ('~', 0x3d),
    (']', 0x3e),
    ('|', 0x40),
    ('€', 0x65),
];
const ESCAPE: u8 = 0x1b;

/// A text in the GSM 7-bit alphabet, one septet an octet; `None` where a character is not in it.
pub fn gsm_7(text: &str) -> Option<Vec<u8>> {
    let mut septets = Vec::with_capacity(text.len());
    for c in text.chars() {
        if let Some((_, code)) = EXTENSION.iter().find(|(extended, _)| *extended == c) {
            septets.extend([ESCAPE, *code]);
        } else {
            let place = ALPHABET.chars().position(|known| known == c && c != char::from(ESCAPE))?;
            septets.push(u8::try_from(place).ok()?);
        }
    }
    Some(septets)
}

/// The alphabet that a message is written in: all of it in the small one, or all of it in the large one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Gsm7,
    Ucs2,
}

impl Alphabet {
    fn of(text: &str) -> Self {
        if gsm_7(text).is_some() { Self::Gsm7 } else { Self::Ucs2 }
    }

    /// How much one segment takes.
    const fn segment(self) -> usize {
        match self {
            Self::Gsm7 => SEGMENT,
            Self::Ucs2 => UCS_2_SEGMENT,
        }
    }

    /// How much each of several takes.
    const fn of_several(self) -> usize {
        match self {
            Self::Gsm7 => OF_SEVERAL,
            Self::Ucs2 => UCS_2_OF_SEVERAL,
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            // What is not in the alphabet would take the whole segment.
            Self::Gsm7 => gsm_7(text).map_or(SEGMENT, |septets| septets.len()),
            Self::Ucs2 => text.encode_utf16().count(),
        }
    }

    fn has(self, sign: char) -> bool {
        !sign.is_control() && (self == Self::Ucs2 || gsm_7(&sign.to_string()).is_some())
    }

    /// The brand as far as the alphabet has its letters; a name of which nothing is left is replaced by the host's.
    fn spell(self, brand: &str, host: &str) -> String {
        let known: String = simple(brand).chars().filter(|sign| self.has(*sign)).collect();
        if known.chars().any(char::is_alphanumeric) { known.trim().to_owned() } else { host.to_owned() }
    }

    fn cut(self, text: &str, room: usize) -> String {
        let mut left = room;
        let fits = |sign: &char| match left.checked_sub(self.length(&sign.to_string())) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        };
        text.chars().take_while(fits).collect::<String>().trim_end().to_owned()
    }
}

/// How long a text is as a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segments {
    /// In how many segments it travels.
    pub count: u32,
    /// Its length, in the alphabet that it needs.
    pub used: u32,
    /// What one segment takes of that.
    pub room: u32,
}

/// How long a text is as a message.
pub fn segments(text: &str) -> Segments {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let alphabet = Alphabet::of(text);
    let (used, room) = (alphabet.length(text), alphabet.segment());
    let mut count = 1;
    if used > room {
        // No sign is torn apart.
        let mut left = alphabet.of_several();
        for length in text.chars().map(|sign| alphabet.length(sign.encode_utf8(&mut [0; 4]))) {
            if length > left {
                (count, left) = (count + 1, alphabet.of_several());
            }
            left -= length;
        }
    }
    Segments { count, used: number(used), room: number(room) }
}

/// The message for a verification code. Its last line binds the code to the site
/// (<https://wicg.github.io/sms-one-time-codes/>); it is left out where a long host leaves no room for it.
pub fn code_text(
    language: Language,
    brand: &str,
    host: &str,
    code: &str,
    reference: &str,
    minutes: u32,
) -> MessageText {
    language.speak(|| written(Message::TextCode, code_values(brand, host, code, reference, minutes)))
}

/// What is filled into the message for a verification code in the language that is spoken: the brand as far as there is
/// room for it.
pub fn code_values(brand: &str, host: &str, code: &str, reference: &str, minutes: u32) -> Vec<(&'static str, String)> {
    let fixed = code_body("", code, reference, minutes);
    let alphabet = Alphabet::of(&fixed);
    let brand = alphabet.spell(brand, host);
    let rest = |line: &str| alphabet.segment().checked_sub(alphabet.length(&fixed) + alphabet.length(line));
    let room = match rest(&apart(host, code)) {
        Some(room) if room >= alphabet.length(&brand).min(BRAND_LEAST) => room,
        _ => rest("").unwrap_or_default(),
    };
    vec![
        ("brand", alphabet.cut(&brand, room)),
        ("code", code.to_owned()),
        ("reference", reference.to_owned()),
        ("minutes", minutes.to_string()),
        ("host", host.to_owned()),
    ]
}

/// What the message for a verification code says, by its values. With the names of these in place of them it is a template,
/// which does not know how much room there is.
pub fn code_words(value: &dyn Fn(&str) -> String) -> MessageText {
    let [brand, code, reference, minutes, host] = ["brand", "code", "reference", "minutes", "host"].map(value);
    let line = apart(&host, &code);
    let (body, has_line) = match minutes.parse() {
        Ok(minutes) => (code_body(&brand, &code, &reference, minutes), None),
        Err(_) => {
            // In the form for several minutes, with their number's name in its place.
            let body = code_body(&brand, &code, &reference, SEVERAL).replace(&spoken().number(SEVERAL), &minutes);
            (body, Some(Alphabet::of(&code_body("", "", "", SEVERAL)) == Alphabet::Gsm7))
        }
    };
    let alphabet = Alphabet::of(&body);
    let fits = || alphabet.length(&body) + alphabet.length(&line) <= alphabet.segment();
    let has_line = has_line.unwrap_or_else(fits);
    plain(if has_line { body + &line } else { body })
}

/// Minutes of which every language speaks as of several, and in no other way than by their number.
const SEVERAL: u32 = 10;

fn code_body(brand: &str, code: &str, reference: &str, minutes: u32) -> String {
    let [brand, code, reference] = [brand, code, reference].map(str::to_owned);
    simple(&tr!(message.text_code, code = code, brand = brand, reference = reference, count = minutes))
}

/// The last line, which stands apart.
fn apart(host: &str, code: &str) -> String {
    format!("\n\n@{host} #{code}")
}

/// Whether a changed message for a verification code still ends in the line by which phones know the code. It may be without
/// that line only where the default is.
pub fn ends_well(language: Language, text: &str, value: &dyn Fn(&str) -> String) -> bool {
    let line = apart(&value("host"), &value("code"));
    let default = || language.speak(|| code_words(value)).text;
    text.lines().last() == Some(line.trim_start()) || !text.contains(line.trim_start()) && !default().ends_with(&line)
}

/// The message that shows an administrator that a service provider works.
pub fn test_text(language: Language, brand: &str, host: &str) -> MessageText {
    language.speak(|| written(Message::TextTest, test_values(brand, host)))
}

/// What is filled into that message.
pub fn test_values(brand: &str, host: &str) -> Vec<(&'static str, String)> {
    let fixed = test_words("").text;
    let alphabet = Alphabet::of(&fixed);
    let room = alphabet.segment().saturating_sub(alphabet.length(&fixed));
    vec![("brand", alphabet.cut(&alphabet.spell(brand, host), room))]
}

/// What that message says.
pub fn test_words(brand: &str) -> MessageText {
    plain(simple(&tr!(message.text_test, brand = brand.to_owned())))
}

fn plain(text: String) -> MessageText {
    MessageText { subject: String::new(), text, html: String::new(), language: spoken(), branded: false, draft: None }
}

/// Latin letters without the accents that the small alphabet lacks, as banks write them: with one such letter, a message
/// would have room for 70 signs and not for 160. And without the marks around what runs in another direction, which count as
/// letters.
fn simple(text: &str) -> String {
    let mut simple = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            'á' | 'â' | 'ã' => simple.push('a'),
            'Á' | 'À' | 'Â' | 'Ã' => simple.push('A'),
            'ç' => simple.push('c'),
            'ê' | 'ë' => simple.push('e'),
            'È' | 'Ê' | 'Ë' => simple.push('E'),
            'í' | 'î' | 'ï' => simple.push('i'),
            'Í' | 'Î' | 'Ï' => simple.push('I'),
            'ó' | 'ô' | 'õ' => simple.push('o'),
            'Ó' | 'Ô' | 'Õ' => simple.push('O'),
            'ú' | 'û' => simple.push('u'),
            'Ú' | 'Û' => simple.push('U'),
            'œ' => simple.push_str("oe"),
            '‘' | '’' => simple.push('\''),
            '“' | '”' | '„' | '«' | '»' => simple.push('"'),
            '–' | '—' => simple.push('-'),
            '…' => simple.push_str("..."),
            '\u{a0}' | '\u{202f}' => simple.push(' '),
            '\u{2068}' | '\u{2069}' => {}
            _ => simple.push(sign),
        }
    }
    simple
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(brand: &str, host: &str) -> String {
        code_text(Language::En, brand, host, "012345", "WXY", 10).text
    }

    #[test]
    fn the_alphabet_is_the_standards() {
        assert_eq!(ALPHABET.chars().count(), 128);
        for (text, octets) in [("@", vec![0]), ("Å", vec![0x0e]), ("_", vec![0x11]), ("Az", vec![0x41, 0x7a])] {
            assert_eq!(gsm_7(text), Some(octets), "{text}");
        }
        assert_eq!(gsm_7("à¿§ß09"), Some(vec![0x7f, 0x60, 0x5f, 0x1e, 0x30, 0x39]));
        assert_eq!(gsm_7("€["), Some(vec![0x1b, 0x65, 0x1b, 0x3c]));
        for unknown in ["ç", "š", "•", "\u{1b}", "日", "`"] {
            assert_eq!(gsm_7(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_message_is_one_segment_for_the_longest_brand_and_host() {
        let names = [
            "Configio".to_owned(),
            String::new(),
            "W".repeat(100),
            "€".repeat(100),
            "{}[]~\\|^€".repeat(11),
            "日本".repeat(50),
            "Š".repeat(99) + "k",
            "a b ".repeat(25),
        ];
        let label = "x".repeat(60);
        let hosts =
            ["id.example.org", "a.b", "[2001:db8::1]", &format!("{label}.example"), &[label.as_str(); 4].join(".")];
        for brand in &names {
            for host in hosts {
                let text = sent(brand, host);
                let septets = gsm_7(&text).unwrap_or_else(|| panic!("{text} is not in the alphabet"));
                assert!(septets.len() <= SEGMENT, "{} septets: {text}", septets.len());
                assert!(text.contains("012345") && text.contains("WXY") && text.contains("10 minutes"), "{text}");
                assert!(
                    gsm_7(&test_text(Language::En, brand, host).text).is_some_and(|septets| septets.len() <= SEGMENT)
                );
            }
        }
    }

    #[test]
    fn a_message_is_one_segment_in_every_language() {
        for language in Language::ALL {
            let text = code_text(language, "Configio", "id.example.org", "012345", "WXY", 10).text;
            let (length, room) = match gsm_7(&text) {
                Some(septets) => (septets.len(), SEGMENT),
                None => (text.encode_utf16().count(), UCS_2_SEGMENT),
            };
            assert!(length <= room, "{length} of {room}: {text}");
            assert!(text.contains("012345") && text.contains("WXY") && text.contains("Configio"), "{text}");
            let latin = !matches!(language, Language::Ja | Language::Ar);
            assert_eq!(room == SEGMENT, latin, "{language:?}: {text}");
            assert_eq!(text.ends_with("\n\n@id.example.org #012345"), latin, "{text}");
        }
    }

    #[test]
    fn segments_are_counted_as_phones_do() {
        let of = |text: &str| {
            let Segments { count, used, room } = segments(text);
            (count, used, room)
        };
        assert_eq!(of(""), (1, 0, 160));
        assert_eq!(of(&"a".repeat(160)), (1, 160, 160));
        assert_eq!(of(&"a".repeat(161)), (2, 161, 160));
        assert_eq!(of(&"a".repeat(306)), (2, 306, 160));
        assert_eq!(of(&"a".repeat(307)), (3, 307, 160));
        // A sign of two septets is not torn apart.
        assert_eq!(of(&"\u{20ac}".repeat(80)), (1, 160, 160));
        assert_eq!(of(&"\u{20ac}".repeat(153)), (3, 306, 160));
        // One other letter, and all of it is written in the large alphabet.
        assert_eq!(of(&("a".repeat(69) + "\u{161}")), (1, 70, 70));
        assert_eq!(of(&("a".repeat(70) + "\u{161}")), (2, 71, 70));
        assert_eq!(of(&"\u{65e5}".repeat(134)), (2, 134, 70));
        assert_eq!(of(&"\u{65e5}".repeat(135)), (3, 135, 70));
        assert_eq!(of(&"\u{1f600}".repeat(67)), (3, 134, 70), "33 of these fit into one of several");
    }

    #[test]
    fn the_last_line_binds_the_code_to_the_site() {
        let text = sent("Configio", "id.example.org");
        assert_eq!(text.lines().last(), Some("@id.example.org #012345"));
        assert!(text.starts_with("012345 is your Configio code. Reference: WXY."), "{text}");
        assert_eq!(text.lines().nth(1), Some(""), "the line stands apart");
        assert!(!text.contains("http"), "nobody learns to follow a link");
    }

    #[test]
    fn a_brand_is_spelled_as_far_as_a_phone_can_and_cut_where_it_is_too_long() {
        assert!(sent("Škoda Ünlü", "a.example").contains("your koda Ünlü code"));
        assert!(sent("日本", "a.example").contains("your a.example code"));
        let long = sent(&"Long Name ".repeat(10), "id.example.org");
        assert!(long.contains("your Long Name Long Name Long") && long.ends_with("@id.example.org #012345"), "{long}");
        let host = format!("{}.example", "x".repeat(60));
        assert!(!sent("Configio", &host).contains('@'), "a host that leaves no room is left out");
    }
}
