//! What messages share, and the messages that administrators get.

use crate::{
    audit::{details, names, types::Action},
    language::types::Language,
    message_templates::{defaults::written, types::Message},
    texts::spoken,
};
use serde::{Deserialize, Serialize};

/// The colour of a link on light screens, where the brand has none.
pub const LINK_LIGHT: &str = "#0b57d0";
/// The same on dark ones.
pub const LINK_DARK: &str = "#7db4ff";

/// A message in both its forms.
#[derive(Clone, Serialize, Deserialize)]
pub struct MessageText {
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
    /// The language that it is written in. Messages of older versions are English.
    #[serde(default)]
    pub language: Language,
    /// Whether the brand's logo stands in its HTML, where there is one when it is sent: it says what it came with.
    #[serde(default)]
    pub branded: bool,
    /// Which message it is, with its values, where an administrator may have changed its words. It goes no further than the
    /// outbox.
    #[serde(skip)]
    pub draft: Option<Draft>,
}

/// A message by its name, with what is filled in.
#[derive(Clone)]
pub struct Draft {
    /// Which one.
    pub message: Message,
    /// What stands in place of each placeholder.
    pub values: Vec<(&'static str, String)>,
}

/// Without what it says: it may be a code.
impl std::fmt::Debug for MessageText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MessageText").finish_non_exhaustive()
    }
}

/// What an administrator did to what protects everybody.
pub struct Change<'a> {
    /// The reader's language.
    pub language: Language,
    /// The brand.
    pub brand: &'a str,
    /// What was done.
    pub what: Action,
    /// Whether it is only asked for, and waits for another administrator.
    pub asks: bool,
    /// To what or whom.
    pub about: Option<&'a str>,
    /// More, in plain words. No secret.
    pub details: Option<&'a str>,
    /// The administrator's address.
    pub who: &'a str,
    /// The client's address.
    pub address: &'a str,
    /// When, UTC.
    pub time: &'a str,
}

/// The message that tells all administrators of it. It has no link either.
pub fn change_message(change: &Change<'_>) -> MessageText {
    let Change { language, brand, what, asks, about, details, who, address, time } = *change;
    language.speak(|| {
        let about = [about.map(|about| details::subject(Some(what), about)), details.map(details::said)];
        let about = about.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let what = names::action(what);
        let what = if about.is_empty() { what } else { format!("{what}: {about}") };
        let [brand, who, address] = [brand, who, address].map(str::to_owned);
        let time = language.moment(time);
        let values = vec![("brand", brand), ("what", what), ("who", who), ("address", address), ("time", time)];
        written(if asks { Message::ApprovalAsked } else { Message::AdminChange }, values)
    })
}

/// Someone who said that what was done in the name of an account was not them.
pub struct NotThem<'a> {
    /// The reader's language.
    pub language: Language,
    /// The brand.
    pub brand: &'a str,
    /// Whose account it is: its address.
    pub who: &'a str,
    /// What was done.
    pub what: Action,
    /// When that was told, UTC.
    pub told: &'a str,
    /// Whether the account is disabled, because its address was changed since.
    pub held: bool,
    /// The client's address.
    pub address: &'a str,
    /// When, UTC.
    pub time: &'a str,
}

/// The message that tells all administrators of it. It has no link either.
pub fn not_them_message(not: &NotThem<'_>) -> MessageText {
    let NotThem { language, brand, who, what, told, held, address, time } = *not;
    language.speak(|| {
        let effect = if held { tr!(not_me.admins_held) } else { tr!(not_me.admins_effect) };
        let [brand, who, address] = [brand, who, address].map(str::to_owned);
        let [told, time] = [told, time].map(|at| language.moment(at));
        let values = vec![
            ("brand", brand),
            ("who", who),
            ("what", names::action(what)),
            ("told", told),
            ("effect", effect),
            ("address", address),
            ("time", time),
        ];
        written(Message::NotThem, values)
    })
}

/// A service provider that is left alone for a while.
pub struct Paused<'a> {
    /// The reader's language.
    pub language: Language,
    /// The brand.
    pub brand: &'a str,
    /// The provider's title.
    pub title: &'a str,
    /// What is wrong with it.
    pub reason: &'a str,
    /// When, UTC.
    pub time: &'a str,
}

/// The message that tells all administrators of it. It has no link either.
pub fn paused_message(paused: &Paused<'_>) -> MessageText {
    let Paused { language, brand, title, reason, time } = *paused;
    language.speak(|| {
        let [brand, title, reason] = [brand, title, reason].map(str::to_owned);
        let time = language.moment(time);
        written(Message::Paused, vec![("brand", brand), ("title", title), ("reason", reason), ("time", time)])
    })
}

/// A message of some paragraphs.
pub fn plain_message(brand: &str, subject: String, paragraphs: &[&str]) -> MessageText {
    letter(brand, subject, paragraphs, None, &[])
}

/// A message of some paragraphs, with a link between them where there is one: on a line of its own, and with its full
/// address.
pub fn letter(brand: &str, subject: String, before: &[&str], link: Option<&str>, after: &[&str]) -> MessageText {
    let paragraphs = |texts: &[&str]| texts.iter().map(|text| paragraph(text)).collect::<String>();
    let anchor = link.map(escape).map(|link| {
        format!(
            "<p style=\"margin:0 0 16px\"><a class=\"l\" href=\"{link}\" \
             style=\"color:{LINK_LIGHT};word-break:break-all\">{link}</a></p>"
        )
    });
    let html = page(brand, &format!("{}{}{}", paragraphs(before), anchor.unwrap_or_default(), paragraphs(after)));
    let text = before.iter().chain(link.iter()).chain(after).copied().collect::<Vec<_>>().join("\n\n");
    MessageText { subject, text: format!("{text}\n"), html, language: spoken(), branded: false, draft: None }
}

/// The message for a verification code. It has no link, so that nobody learns to follow one. Code and reference come
/// first, so that phones show them without opening it.
pub fn code_letter(brand: &str, code: &str, reference: &str, lifetime: &str) -> MessageText {
    let [brand_of, code_of, reference_of] = [brand, code, reference].map(|text| move || text.to_owned());
    let subject = tr!(message.subject, code = code_of(), brand = brand_of(), reference = reference_of());
    let intro = tr!(message.intro, code = code_of(), brand = brand_of(), reference = reference_of());
    let reference_line = tr!(message.reference, reference = reference_of());
    let warning = tr!(message.warning, brand = brand_of());
    let text = format!("{intro}\n\n    {code}\n\n{reference_line}\n{lifetime}\n\n{warning}\n");
    let number = format!(
        "<p class=\"t\" style=\"margin:0 0 16px;font:700 32px/1.4 Consolas,Menlo,monospace;letter-spacing:.2em;color:#16202c\">\
         {}</p>",
        escape(code)
    );
    let [intro, reference_line, lifetime, warning] =
        [intro.as_str(), &reference_line, lifetime, &warning].map(paragraph);
    let html = page(brand, &format!("{intro}{number}{reference_line}{lifetime}{warning}"));
    MessageText { subject, text, html, language: spoken(), branded: false, draft: None }
}

/// A paragraph in HTML.
fn paragraph(text: &str) -> String {
    format!("<p style=\"margin:0 0 16px\">{}</p>", escape(text))
}

/// The document around a message's HTML: tables and inline styles for Outlook, and colours that follow the reader's choice
/// of a dark screen.
fn page(brand: &str, body: &str) -> String {
    let (language, align) = (spoken(), if spoken().dir() == "rtl" { "right" } else { "left" });
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>{brand}</title>\n<style>\n\
         :root {{ color-scheme: light dark; }}\n\
         @media (prefers-color-scheme: dark) {{\n\
         .b {{ background: #0f151c !important; }}\n.c {{ background: #1a222c !important; }}\n\
         .t {{ color: #e8edf3 !important; }}\n.m {{ color: #a9b4c0 !important; }}\n.l {{ color: {LINK_DARK} !important; }}\n}}\n\
         </style>\n</head>\n<body class=\"b\" style=\"margin:0;padding:0;background:#f4f6f9\">\n\
         <table role=\"presentation\" class=\"b\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"background:#f4f6f9\">\n<tr><td align=\"center\" style=\"padding:32px 16px\">\n\
         <table role=\"presentation\" class=\"c\" width=\"480\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"width:100%;max-width:480px;background:#ffffff;border-radius:12px\">\n\
         <tr><td class=\"t\" align=\"{align}\" dir=\"{dir}\" \
         style=\"padding:32px;font:16px/1.5 'Segoe UI',system-ui,Arial,sans-serif;color:#16202c\">\n\
         {body}\n<p class=\"m\" style=\"margin:24px 0 0;font-size:14px;color:#5b6470\">{brand}</p>\n\
         </td></tr>\n</table>\n</td></tr>\n</table>\n</body>\n</html>\n",
        brand = escape(brand),
        lang = language.as_str(),
        dir = language.dir(),
    )
}

/// Text, escaped for HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
