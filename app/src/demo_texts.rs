//! The texts of the demo's mailbox page, which the server renders without this crate's pages.

/// The heading.
pub fn title() -> String {
    tr!(demo.mailbox)
}

/// What the page is for.
pub fn lead() -> String {
    tr!(demo.lead)
}

/// The link that loads the page again, where it cannot update by itself.
pub fn look() -> String {
    tr!(demo.look)
}

/// There is no message yet.
pub fn empty() -> String {
    tr!(demo.empty)
}

/// The link to a message's HTML form.
pub fn html_form(number: &str) -> String {
    tr!(demo.html_form, number = number.to_owned())
}

/// What a text message has instead of a sender and a subject.
pub fn text_message() -> String {
    tr!(services.sms)
}
