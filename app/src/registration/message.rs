//! The messages of a registration. None of them repeats the name that was entered: whoever entered it need not be the
//! one who reads the message.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The message with the link that finishes a registration.
pub fn registration_message(language: Language, brand: &str, link: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let lifetime = tr!(registration.message_lifetime, count = minutes);
        let values = vec![("brand", brand.to_owned()), ("link", link.to_owned()), ("lifetime", lifetime)];
        written(Message::Registration, values)
    })
}

/// The message for an address that has an account already. It has no link, so that people do not learn to follow links
/// in such messages.
pub fn known_message(language: Language, brand: &str) -> MessageText {
    language.speak(|| written(Message::KnownAddress, vec![("brand", brand.to_owned())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_name_the_brand_and_what_to_do_if_one_did_not_ask() {
        let message = registration_message(Language::En, "Acme & <Sons>", "https://id.example.org/register/abc", 30);
        let known = known_message(Language::En, "Acme & <Sons>");
        for part in [&message.text, &message.html] {
            assert!(part.contains("https://id.example.org/register/abc") && part.contains("30 minutes"));
        }
        for message in [&message, &known] {
            assert!(message.text.contains("did not request") && message.html.contains("did not request"));
            assert!(message.text.contains("Acme & <Sons>") && message.subject.contains("Acme & <Sons>"));
            assert!(!message.html.contains("<Sons>"));
        }
        assert!(!known.text.contains("http") && !known.html.contains("href"));
    }
}
