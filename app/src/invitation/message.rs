//! The message that invites someone.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The message with the link that creates the account.
pub fn invitation_message(language: Language, brand: &str, name: &str, link: &str, expires: &str) -> MessageText {
    let [brand, name, link] = [brand, name, link].map(str::to_owned);
    let expires = language.moment(expires);
    language.speak(|| {
        written(Message::Invitation, vec![("brand", brand), ("name", name), ("link", link), ("expires", expires)])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_brands_add_no_markup() {
        let link = "https://id.example.org/invitation/abc";
        let message = invitation_message(Language::En, "Acme <Sons>", "<a href=x>Eve</a>", link, "2026-01-01 00:00");
        assert!(message.text.lines().any(|line| line == link), "the link stands on a line of its own");
        assert_eq!(message.html.matches("<a ").count(), 1);
        assert!(message.html.contains("&lt;a href=x&gt;Eve") && message.html.contains("Acme &lt;Sons&gt;"));
    }
}
