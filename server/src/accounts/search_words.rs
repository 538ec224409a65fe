//! The words by whose beginnings accounts are found.

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
    fn nothing_makes_an_endless_list() {
        let many: String = (0..100).map(|n| format!("w{n:03} ")).collect();
        assert_eq!(words_of(&many, "x@y.example").len(), MOST as usize);
        assert_eq!(words_in(&"x".repeat(300)), ["x".repeat(LONGEST)]);
        assert!(words_in(" @.-'% ").is_empty());
    }
}
