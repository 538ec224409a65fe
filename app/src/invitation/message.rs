//! The message that invites someone.

use crate::{
    delivery::message::{MessageText, letter},
    language::types::Language,
};

/// The message with the link that creates the account.
pub fn invitation_message(language: Language, brand: &str, name: &str, link: &str, expires: &str) -> MessageText {
    language.speak(|| {
        let subject = tr!(invitation.mail_subject, brand = brand.to_owned());
        let greeting = tr!(invitation.mail_greeting, name = name.to_owned());
        let intro = tr!(invitation.mail_intro, brand = brand.to_owned());
        let once = tr!(invitation.mail_once, time = expires.to_owned());
        let advice = tr!(invitation.mail_advice);
        letter(brand, subject, &[&greeting, &intro], Some(link), &[&once, &advice])
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
