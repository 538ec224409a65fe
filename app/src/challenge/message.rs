//! The message that carries a code. It has no link, so that nobody learns to follow one.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The message for a verification code.
pub fn code_message(language: Language, brand: &str, code: &str, reference: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let [brand, code, reference] = [brand, code, reference].map(str::to_owned);
        let lifetime = tr!(message.lifetime, count = minutes);
        let values = vec![("brand", brand), ("code", code), ("reference", reference), ("lifetime", lifetime)];
        written(Message::Code, values)
    })
}

/// The message that shows an administrator that a service provider works.
pub fn test_message(language: Language, brand: &str, title: &str) -> MessageText {
    language.speak(|| written(Message::Test, vec![("brand", brand.to_owned()), ("title", title.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_brand_code_reference_and_lifetime_and_has_no_link() {
        let message = code_message(Language::En, "Acme & <Sons>", "012345", "ABC", 10);
        for part in [&message.text, &message.html] {
            assert!(part.contains("012345") && part.contains("ABC") && part.contains("10 minutes"));
            assert!(!part.contains("http") && !part.contains("href"));
        }
        assert!(message.subject.contains("Acme & <Sons>") && message.subject.contains("ABC"));
        for first in [&message.subject, &message.text] {
            assert!(first.starts_with("012345"), "phones show the first words: {first}");
        }
        assert!(message.html.contains("color-scheme") && message.html.contains("prefers-color-scheme: dark"));
        assert!(message.html.contains("Acme &amp; &lt;Sons&gt;") && !message.html.contains("<Sons>"));
    }
}
