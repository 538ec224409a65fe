//! The message that carries a code. It has no link, so that nobody learns to follow one.

/// A message in both its forms.
pub struct MessageText {
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
}

/// The message for a verification code.
pub fn code_message(brand: &str, code: &str, reference: &str, minutes: u32) -> MessageText {
    let subject = tr!(message.subject, brand = brand.to_owned(), reference = reference.to_owned());
    let intro = tr!(message.intro, brand = brand.to_owned());
    let reference_line = tr!(message.reference, reference = reference.to_owned());
    let lifetime = tr!(message.lifetime, minutes = minutes);
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
    let subject = tr!(message.test_subject, brand = brand.to_owned());
    let body = tr!(message.test_body, title = title.to_owned());
    let html = page(brand, &format!("<p>{}</p>", escape(&body)));
    MessageText { subject, text: format!("{body}\n"), html }
}

fn page(brand: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{brand}</title></head>\
         <body style=\"margin:0;padding:32px 16px;background:#f4f6f9;font:16px/1.5 system-ui,sans-serif;color:#16202c\">\
         <div style=\"max-width:480px;margin:auto;padding:32px;background:#fff;border-radius:12px\">\
         <p style=\"font-weight:700;margin-top:0\">{brand}</p>{body}</div></body></html>",
        brand = escape(brand)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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
