//! The message with the link for a new password.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The message with the link for a new password.
pub fn reset_message(language: Language, brand: &str, link: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let lifetime = tr!(password.message_lifetime, count = minutes);
        let values = vec![("brand", brand.to_owned()), ("link", link.to_owned()), ("lifetime", lifetime)];
        written(Message::PasswordReset, values)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_brand_link_and_lifetime_and_what_to_do_if_one_did_not_ask() {
        let message = reset_message(Language::En, "Acme & <Sons>", "https://id.example.org/password/abc", 30);
        for part in [&message.text, &message.html] {
            assert!(part.contains("https://id.example.org/password/abc") && part.contains("30 minutes"));
            assert!(part.contains("did not request"));
        }
        assert!(message.subject.contains("Acme & <Sons>") && message.text.contains("Acme & <Sons>"));
        assert!(!message.html.contains("<Sons>"));
    }
}
