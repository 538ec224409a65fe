//! The message with the link that proves a new address.

use crate::{
    delivery::message::MessageText,
    language::types::Language,
    message_templates::{defaults::written, types::Message},
};

/// The message with the link that proves a new address.
pub fn email_change_message(language: Language, brand: &str, link: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let lifetime = tr!(message.email_change_lifetime, count = minutes);
        let values = vec![("brand", brand.to_owned()), ("link", link.to_owned()), ("lifetime", lifetime)];
        written(Message::EmailChange, values)
    })
}
