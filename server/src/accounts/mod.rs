//! The accounts as every room reads them: the table, the password, and the count of failures of the second factor.

pub mod factor;
pub mod known;
pub mod password;
pub mod search_words;
pub mod store;

use app::text::is_double;
use unicode_normalization::UnicodeNormalization;

/// The one spelling in which addresses are compared: small letters, composed, and the domain as mail carries it. Letters
/// that only look alike stay apart. What no address holds is replaced, so that it is compared like any other text.
pub fn email_key(email: &str) -> String {
    let email = email.trim().replace('\0', "\u{fffd}");
    let Some((local, domain)) = email.rsplit_once('@') else { return small(&email) };
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| small(domain));
    format!("{}@{domain}", small(local))
}

/// The small letter of each capital one that leads back to it.
fn small(text: &str) -> String {
    let one = |capital: char| {
        let mut letters = capital.to_lowercase();
        match (letters.next(), letters.next()) {
            (Some(letter), None) if letter.to_uppercase().eq([capital]) => letter,
            _ => capital,
        }
    };
    // Doubles of ASCII letters would become those letters.
    if text.chars().any(is_double) { text.chars().map(one).collect() } else { text.nfc().map(one).collect() }
}

#[cfg(test)]
mod tests {
    use super::email_key;

    #[test]
    fn one_address_has_one_key_and_look_alikes_have_others() {
        for (one, other) in [
            ("Carla@Example.org", " carla@example.ORG "),
            ("RENÉ@example.org", "rene\u{301}@example.org"),
            ("a@bücher.example", "A@XN--BCHER-KVA.example"),
            ("a@bücher.example", "a@BU\u{308}CHER.example"),
        ] {
            assert_eq!(email_key(one), email_key(other), "{one} is split");
        }
        for (one, other) in [
            ("kate@example.org", "\u{212a}ate@example.org"),
            ("i@example.org", "\u{130}@example.org"),
            ("i@example.org", "\u{131}@example.org"),
            ("ss@example.org", "ß@example.org"),
            ("carla@example.org", "c\u{430}rla@example.org"),
            ("a@example.org", "a@ex\u{430}mple.org"),
            ("fi@example.org", "\u{fb01}@example.org"),
        ] {
            assert_ne!(email_key(one), email_key(other), "{one} is merged with {other}");
        }
        assert!(!email_key("carla\0@example.org").contains('\0'), "PostgreSQL takes none");
    }
}
