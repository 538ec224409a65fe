//! The message with the link that proves a new address.

use crate::{
    delivery::message::{MessageText, link_message},
    language::types::Language,
};

/// The message with the link that proves a new address.
pub fn email_change_message(language: Language, brand: &str, link: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let subject = tr!(message.email_change_subject, brand = brand.to_owned());
        let intro = tr!(message.email_change_intro, brand = brand.to_owned());
        let lifetime = tr!(message.email_change_lifetime, count = minutes);
        let warning = tr!(message.email_change_warning);
        link_message(brand, subject, &intro, link, &[&lifetime, &warning])
    })
}
