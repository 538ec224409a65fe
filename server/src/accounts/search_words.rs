//! The words by whose beginnings accounts are found.

use sha2::{Digest, Sha256};

/// The most words of one account.
pub const MOST: u32 = 20;
/// The longest word, in characters; the rest of a longer one is not looked at.
const LONGEST: usize = 40;

/// The words of a text, in lower case. Everything but letters and digits separates them.
pub fn words_in(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    without_beginnings(words.map(|word| word.chars().take(LONGEST).collect()).collect())
}

/// The words of an account: of its name, and of both parts of its address.
pub fn words_of(name: &str, email: &str) -> Vec<String> {
    let mut words = words_in(&format!("{name} {email}"));
    words.truncate(MOST as usize);
    words
}

/// How many of the bits are for first letters: one for each of a to z, and one for all others.
const LETTER_BITS: u8 = 27;
/// So many letters of a longer word choose the other bits.
const BEGINNING: usize = 4;
/// As many bits stand for such a beginning.
const BEGINNING_BITS: usize = 3;

/// What the words begin with, in 63 bits. An account that a search finds has all bits of the search's words among those of
/// its own; few others have. So most accounts are passed over without a look at their words (a Bloom filter). They are
/// stored: other bits for a word need a migration.
pub fn bits_of(words: &[String]) -> i64 {
    words.iter().map(|word| bits_of_word(word)).fold(0, |all, bits| all | bits)
}

fn bits_of_word(word: &str) -> i64 {
    let first = word.bytes().next().filter(u8::is_ascii_lowercase);
    let mut bits = 1 << first.map_or(LETTER_BITS - 1, |letter| letter - b'a');
    if let Some((start, last)) = word.char_indices().nth(BEGINNING - 1) {
        let hash = Sha256::digest(&word[..start + last.len_utf8()]);
        for byte in &hash[..BEGINNING_BITS] {
            bits |= 1 << (LETTER_BITS + byte % (63 - LETTER_BITS));
        }
    }
    bits
}

/// Leaves out what is the beginning of another word: whoever is found by it is found by the other one too.
fn without_beginnings(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words.dedup();
    let mut kept: Vec<String> = Vec::new();
    // Sorted, a beginning stands right before the first word that it begins.
    for word in words.into_iter().rev() {
        if kept.last().is_none_or(|longer| !longer.starts_with(&word)) {
            kept.push(word);
        }
    }
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_every_part_of_name_and_address() {
        assert_eq!(
            words_of("Ada de la Cruz-Öz", "ada.cruz+x1@mail.example.org"),
            ["ada", "cruz", "de", "example", "la", "mail", "org", "x1", "öz"]
        );
        assert_eq!(words_of("Bo Bobby", "bobby99@b.example"), ["bobby99", "example"], "beginnings are left out");
    }

    #[test]
    fn the_bits_of_a_beginning_are_among_those_of_its_words() {
        let bits = |words: &[&str]| bits_of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let account = bits(&["ada", "cruz", "example", "öztürk", "山田太郎", "7up"]);
        for found in ["a", "ad", "ada", "cruz", "exam", "example", "ö", "öztü", "öztürk", "山", "山田太郎", "7"]
        {
            assert_eq!(account & bits(&[found]), bits(&[found]), "{found}");
        }
        assert_eq!(account & bits(&["ada", "cruz", "exa"]), bits(&["ada", "cruz", "exa"]));
        for other in ["b", "z", "crux", "exactly"] {
            assert_ne!(account & bits(&[other]), bits(&[other]), "{other}");
        }
        assert!(account > 0, "all fit into a signed column");
        assert_eq!(bits(&["ada", "bigmail"]), 0x10_1000_0800_0003, "they stay, or a migration makes them anew");
    }

    #[test]
    fn nothing_makes_an_endless_list() {
        let many: String = (0..100).map(|n| format!("w{n:03} ")).collect();
        assert_eq!(words_of(&many, "x@y.example").len(), MOST as usize);
        assert_eq!(words_in(&"x".repeat(300)), ["x".repeat(LONGEST)]);
        assert!(words_in(" @.-'% ").is_empty());
    }
}
