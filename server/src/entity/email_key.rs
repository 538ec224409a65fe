//! The spelling in which addresses are compared.

use app::text::is_double;
use sea_orm::DeriveValueType;
use unicode_normalization::UnicodeNormalization;

/// An address in the one spelling in which addresses are compared: small letters, composed, and the domain as mail
/// carries it. Letters that only look alike stay apart. What no address holds is replaced, so that it is compared like
/// any other text.
#[derive(Clone, Debug, PartialEq, Eq, DeriveValueType)]
pub struct EmailKey(String);

impl EmailKey {
    /// The key of an address as somebody wrote it.
    pub fn of(email: &str) -> Self {
        let email = email.trim().replace('\0', "\u{fffd}");
        let Some((local, domain)) = email.rsplit_once('@') else { return Self(small(&email)) };
        let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| small(domain));
        Self(format!("{}@{domain}", small(local)))
    }

    /// The spelling itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
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
    use super::EmailKey;

    #[test]
    fn one_address_has_one_key_and_look_alikes_have_others() {
        for (one, other) in [
            ("Carla@Example.org", " carla@example.ORG "),
            ("RENÉ@example.org", "rene\u{301}@example.org"),
            ("a@bücher.example", "A@XN--BCHER-KVA.example"),
            ("a@bücher.example", "a@BU\u{308}CHER.example"),
        ] {
            assert_eq!(EmailKey::of(one), EmailKey::of(other), "{one} is split");
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
            assert_ne!(EmailKey::of(one), EmailKey::of(other), "{one} is merged with {other}");
        }
        assert!(!EmailKey::of("carla\0@example.org").as_str().contains('\0'), "PostgreSQL takes none");
    }
}
