//! The message that carries a code. It has no link, so that nobody learns to follow one.

use crate::{
    delivery::message::{MessageText, escape, page, paragraph, plain_message},
    language::types::Language,
};

/// The message for a verification code. Code and reference come first, so that phones show them without opening it.
pub fn code_message(language: Language, brand: &str, code: &str, reference: &str, minutes: u32) -> MessageText {
    language.speak(|| {
        let [brand_of, code_of, reference_of] = [brand, code, reference].map(|text| move || text.to_owned());
        let subject = tr!(message.subject, code = code_of(), brand = brand_of(), reference = reference_of());
        let intro = tr!(message.intro, code = code_of(), brand = brand_of(), reference = reference_of());
        let reference_line = tr!(message.reference, reference = reference_of());
        let lifetime = tr!(message.lifetime, count = minutes);
        let warning = tr!(message.warning, brand = brand_of());
        let text = format!("{intro}\n\n    {code}\n\n{reference_line}\n{lifetime}\n\n{warning}\n");
        let number = format!(
            "<p class=\"t\" style=\"margin:0 0 16px;font:700 32px/1.4 Consolas,Menlo,monospace;letter-spacing:.2em;color:#16202c\">\
             {}</p>",
            escape(code)
        );
        let [intro, reference_line, lifetime, warning] =
            [intro.as_str(), &reference_line, &lifetime, &warning].map(paragraph);
        let html = page(brand, &format!("{intro}{number}{reference_line}{lifetime}{warning}"));
        MessageText { subject, text, html, language }
    })
}

/// The message that shows an administrator that a service provider works.
pub fn test_message(language: Language, brand: &str, title: &str) -> MessageText {
    language.speak(|| {
        let body = tr!(message.test_body, title = title.to_owned());
        plain_message(brand, tr!(message.test_subject, brand = brand.to_owned()), &[&body])
    })
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
