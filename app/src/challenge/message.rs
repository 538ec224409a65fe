//! The message that carries a code. It has no link, so that nobody learns to follow one.

use crate::delivery::message::{MessageText, escape, page, plain_message};

/// The message for a verification code.
pub fn code_message(brand: &str, code: &str, reference: &str, minutes: u32) -> MessageText {
    let subject = tr!(message.subject, brand = brand.to_owned(), reference = reference.to_owned());
    let intro = tr!(message.intro, brand = brand.to_owned());
    let reference_line = tr!(message.reference, reference = reference.to_owned());
    let lifetime = tr!(message.lifetime, count = minutes);
    let warning = tr!(message.warning, brand = brand.to_owned());
    let text = format!("{intro}\n\n    {code}\n\n{reference_line}\n{lifetime}\n\n{warning}\n");
    let html = page(
        brand,
        &format!(
            "<p>{}</p><p style=\"font:700 32px/1.4 ui-monospace,Consolas,monospace;letter-spacing:.2em;margin:24px 0\">{}</p>\
             <p>{}<br>{}</p><p style=\"color:#5b6470\">{}</p>",
            escape(&intro),
            escape(code),
            escape(&reference_line),
            escape(&lifetime),
            escape(&warning)
        ),
    );
    MessageText { subject, text, html }
}

/// The message that shows an administrator that a service provider works.
pub fn test_message(brand: &str, title: &str) -> MessageText {
    let body = tr!(message.test_body, title = title.to_owned());
    plain_message(brand, tr!(message.test_subject, brand = brand.to_owned()), &[&body])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_brand_code_reference_and_lifetime_and_has_no_link() {
        let message = code_message("Acme & <Sons>", "012345", "ABC", 10);
        for part in [&message.text, &message.html] {
            assert!(part.contains("012345") && part.contains("ABC") && part.contains("10 minutes"));
            assert!(!part.contains("http") && !part.contains("href"));
        }
        assert!(message.subject.contains("Acme & <Sons>") && message.subject.contains("ABC"));
        assert!(!message.subject.contains("012345"), "the code would show on a locked screen");
        assert!(message.html.contains("Acme &amp; &lt;Sons&gt;") && !message.html.contains("<Sons>"));
    }
}
