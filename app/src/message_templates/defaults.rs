//! What each message says unless an administrator changed it. The same words serve twice: with their values they are the
//! message itself, and with the names of those in braces they are the template that the editor begins with.

use super::types::{Message, Parts};
use crate::{
    audit::{names, types::Action},
    challenge::text_message::{code_values, code_words, test_values, test_words},
    delivery::message::{Draft, MessageText, code_letter, letter},
    language::types::Language,
};

/// A message with its values, in the language that is spoken.
pub fn written(message: Message, values: Vec<(&'static str, String)>) -> MessageText {
    let value = |name: &str| {
        let found = values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let text = words(message, &value);
    MessageText { branded: !message.is_text(), draft: Some(Draft { message, values }), ..text }
}

/// A message of a language as a template.
pub fn template(language: Language, message: Message) -> Parts {
    let MessageText { subject, text, html, .. } =
        language.speak(|| words(message, &|name| format!("{{{{ {name} }}}}")));
    // Digits and letters need no marks around them from right to left, and a code is copied without them.
    let plain = |text: String| {
        ["code", "reference"].iter().fold(text, |text, name| {
            text.replace(&format!("\u{2068}{{{{ {name} }}}}\u{2069}"), &format!("{{{{ {name} }}}}"))
        })
    };
    Parts { subject: plain(subject), text: plain(text), html: plain(html) }
}

/// Something to show in place of each value, in a language.
pub fn samples(language: Language, message: Message, brand: &str, base: &str) -> Vec<(&'static str, String)> {
    match message {
        Message::TextCode => return language.speak(|| code_values(brand, host(base), "012345", "ABC", 10)),
        Message::TextTest => return language.speak(|| test_values(brand, host(base))),
        _ => {}
    }
    let to_admins = matches!(message, Message::AdminChange | Message::ApprovalAsked | Message::NotThem);
    let sample = |name: &str| match name {
        "brand" => brand.to_owned(),
        "code" => "012345".to_owned(),
        "reference" => "ABC".to_owned(),
        "link" => format!("{}/sample/{}", base.trim_end_matches('/'), "A1b2C3d4".repeat(5)),
        "lifetime" => match message {
            Message::Code => tr!(message.lifetime, count = 10),
            Message::Disputed => tr!(notice.not_me_lifetime),
            _ => tr!(password.message_lifetime, count = 30),
        },
        "name" => "Ada Lovelace".to_owned(),
        "expires" | "told" | "time" => language.moment("2026-01-31 08:05"),
        "what" if to_admins => names::action(Action::PasswordChanged),
        "what" => tr!(notice.password_changed),
        "details" => format!(
            "{} {}",
            tr!(notice.time, time = language.moment("2026-01-31 08:05")),
            tr!(notice.place, address = "203.0.113.7".to_owned(), browser = "Firefox on Linux".to_owned())
        ),
        "advice" if message == Message::Disputed => tr!(notice.not_me),
        "advice" => tr!(notice.advice),
        "who" => "ada@example.org".to_owned(),
        "address" => "203.0.113.7".to_owned(),
        "title" => "Mail".to_owned(),
        "reason" => tr!(delivery_admin.unreachable),
        "effect" => tr!(not_me.admins_effect),
        _ => String::new(),
    };
    language.speak(|| message.placeholders().iter().map(|name| (*name, sample(name))).collect())
}

/// The host of an address.
fn host(base: &str) -> &str {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let end = if authority.starts_with('[') { authority.find(']').map(|at| at + 1) } else { authority.find(':') };
    &authority[..end.unwrap_or(authority.len())]
}

/// What a message says, by its values.
fn words(message: Message, value: &dyn Fn(&str) -> String) -> MessageText {
    let brand = value("brand");
    let (link, lifetime) = (value("link"), value("lifetime"));
    let with_brand = || brand.clone();
    match message {
        Message::Code => code_letter(&brand, &value("code"), &value("reference"), &lifetime),
        Message::PasswordReset => letter(
            &brand,
            tr!(password.message_subject, brand = with_brand()),
            &[&tr!(password.message_intro, brand = with_brand())],
            Some(&link),
            &[&lifetime, &tr!(password.message_warning)],
        ),
        Message::Invitation => letter(
            &brand,
            tr!(invitation.mail_subject, brand = with_brand()),
            &[&tr!(invitation.mail_greeting, name = value("name")), &tr!(invitation.mail_intro, brand = with_brand())],
            Some(&link),
            &[&tr!(invitation.mail_once, time = value("expires")), &tr!(invitation.mail_advice)],
        ),
        Message::Registration => letter(
            &brand,
            tr!(registration.message_subject, brand = with_brand()),
            &[&tr!(registration.message_intro, brand = with_brand())],
            Some(&link),
            &[&lifetime, &tr!(registration.message_warning)],
        ),
        Message::KnownAddress => letter(
            &brand,
            tr!(registration.known_subject, brand = with_brand()),
            &[
                &tr!(registration.known_intro, brand = with_brand()),
                &tr!(registration.known_advice),
                &tr!(registration.known_warning),
            ],
            None,
            &[],
        ),
        Message::EmailChange => letter(
            &brand,
            tr!(message.email_change_subject, brand = with_brand()),
            &[&tr!(message.email_change_intro, brand = with_brand())],
            Some(&link),
            &[&lifetime, &tr!(message.email_change_warning)],
        ),
        Message::Notice => letter(
            &brand,
            tr!(notice.subject, brand = with_brand()),
            &[&value("what"), &value("details"), &value("advice")],
            None,
            &[],
        ),
        Message::Disputed => letter(
            &brand,
            tr!(notice.subject, brand = with_brand()),
            &[&value("what"), &value("details"), &value("advice")],
            Some(&link),
            &[&lifetime],
        ),
        Message::AdminChange | Message::ApprovalAsked => {
            let (intro, advice) = if message == Message::ApprovalAsked {
                (tr!(approvals.mail_intro, brand = with_brand()), tr!(approvals.mail_advice))
            } else {
                (tr!(notice.change_intro, brand = with_brand()), tr!(notice.change_advice))
            };
            let by = tr!(notice.change_by, who = value("who"), address = value("address"));
            let when = tr!(notice.time, time = value("time"));
            let subject = tr!(notice.change_subject, brand = with_brand());
            letter(&brand, subject, &[&intro, &value("what"), &by, &when, &advice], None, &[])
        }
        Message::Paused => letter(
            &brand,
            tr!(notice.paused_subject, brand = with_brand()),
            &[
                &tr!(notice.paused_intro, title = value("title"), brand = with_brand()),
                &value("reason"),
                &tr!(notice.time, time = value("time")),
                &tr!(notice.paused_advice),
            ],
            None,
            &[],
        ),
        Message::NotThem => letter(
            &brand,
            tr!(not_me.admins_subject, brand = with_brand()),
            &[
                &tr!(not_me.admins_intro, who = value("who"), what = value("what"), time = value("told")),
                &value("effect"),
                &tr!(not_me.admins_from, address = value("address")),
                &tr!(notice.time, time = value("time")),
                &tr!(not_me.admins_advice),
            ],
            None,
            &[],
        ),
        Message::Test => letter(
            &brand,
            tr!(message.test_subject, brand = with_brand()),
            &[&tr!(message.test_body, title = value("title"))],
            None,
            &[],
        ),
        Message::TextCode => code_words(value),
        Message::TextTest => test_words(&brand),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::message::escape;

    #[test]
    fn a_text_message_names_the_host_of_the_public_address() {
        for (base, expected) in [
            ("https://id.example.org", "id.example.org"),
            ("http://127.0.0.1:3000/", "127.0.0.1"),
            ("https://[2001:db8::1]:8443/x", "[2001:db8::1]"),
            ("https://[2001:db8::1]", "[2001:db8::1]"),
        ] {
            assert_eq!(host(base), expected, "{base}");
        }
    }

    #[test]
    fn every_message_has_a_sample_of_each_placeholder_and_uses_all_of_them() {
        for (language, message) in Language::ALL.iter().flat_map(|l| Message::ALL.iter().map(move |m| (*l, m))) {
            let samples = samples(language, *message, "Acme & <Sons>", "https://id.example.org/");
            assert!(
                samples.iter().all(|(name, value)| !value.is_empty() || panic!("{message:?}: {name} has no sample"))
            );
            let template = template(language, *message);
            let shown = language.speak(|| written(*message, samples.clone()));
            for (name, value) in samples {
                let place = format!("{{{{ {name} }}}}");
                if message.is_text() {
                    // A message of few signs has no last line.
                    let used = template.text.contains(&place) || name == "host";
                    assert!(used, "{message:?} does not use {name} in {language:?}");
                    assert!(shown.text.contains(&value) || name == "host", "{message:?}: {name} is not filled in");
                    continue;
                }
                assert!(template.html.contains(&place), "{message:?} does not use {name} in its HTML");
                assert!(
                    template.text.contains(&place) || name == "brand",
                    "{message:?} does not use {name} in its text"
                );
                assert!(shown.html.contains(&escape(&value)), "{message:?}: {name} is not filled in");
            }
            assert!(
                !shown.text.contains("{{") && !shown.html.contains("<Sons>") && !shown.html.contains("{{"),
                "{}",
                shown.html
            );
        }
    }
}
