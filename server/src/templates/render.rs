//! Fills the values of a message into the words that are stored for it.

use super::store;
use crate::{
    core::Core,
    platform::template::{Compiled, Part, Trouble},
};
use app::{
    brand::mail::dressed,
    challenge::text_message::{Segments, ends_well, segments},
    delivery::message::{Draft, MessageText, escape},
    error::{AppError, Problem},
    language::types::Language,
    message_templates::types::{Message, Parts},
};
use sea_orm::ConnectionTrait;
use std::borrow::Cow;

/// A message as it is sent. Where nothing is stored for it, or that cannot be filled in, it says what it came with: no
/// template keeps a code from leaving.
pub async fn render<'a>(
    db: &impl ConnectionTrait,
    core: &Core,
    text: &'a MessageText,
) -> Result<Cow<'a, MessageText>, AppError> {
    let Some(Draft { message, values }) = &text.draft else { return Ok(Cow::Borrowed(text)) };
    let ours = || dressed(text, *message, &core.brand.look()).map_or(Cow::Borrowed(text), Cow::Owned);
    let Some(stored) = store::find(db, text.language, *message).await? else { return Ok(ours()) };
    let compiled = core.templates.get((message.as_str(), text.language), &stored.parts(), message.placeholders());
    let filled = compiled.map_err(|mut all| all.remove(0)).and_then(|compiled| shown(&compiled, values));
    // A condition may keep out what the samples let in.
    let filled = filled.and_then(|parts| match lacking(text.language, *message, &parts, values).first() {
        Some((part, _)) => Err((*part, Trouble::Failed)),
        None => Ok(parts),
    });
    Ok(match filled {
        Ok(Parts { subject, text: plain, html }) => {
            Cow::Owned(MessageText { subject, text: plain, html, language: text.language, branded: false, draft: None })
        }
        Err((part, trouble)) => {
            let (message, language, part) = (message.as_str(), text.language.as_str(), part.as_str());
            tracing::warn!(
                message,
                language,
                part,
                ?trouble,
                "a message template cannot be filled in; the default is sent"
            );
            ours()
        }
    })
}

/// What a message that is filled in lacks, by its part: what it is for, or, as a text message, its last line, or being short
/// enough.
pub fn lacking(
    language: Language,
    message: Message,
    shown: &Parts,
    values: &[(&'static str, String)],
) -> Vec<(Part, Problem)> {
    let mut lacking = without_purpose(message, shown, values);
    if message.is_text() {
        lacking.retain(|(part, _)| *part == Part::Text);
        let value = |name: &str| {
            let found = values.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let Segments { count, .. } = segments(&shown.text);
        if count > 1 {
            lacking.push((Part::Text, Problem::TooManyParts(count)));
        } else if lacking.is_empty() && message == Message::TextCode && !ends_well(language, &shown.text, &value) {
            lacking.push((Part::Text, Problem::NeedsLastLine));
        }
    }
    lacking
}

fn without_purpose(message: Message, shown: &Parts, values: &[(&'static str, String)]) -> Vec<(Part, Problem)> {
    let required = message.required().and_then(|name| values.iter().find(|(known, _)| *known == name));
    let Some((name, value)) = required else { return Vec::new() };
    // Escaped as the engine does it, or as we do.
    let ours = escape(value);
    let carries = [&ours, &ours.replace('/', "&#x2f;").replace('\'', "&#x27;")];
    let parts = [
        (Part::Text, shown.text.contains(value)),
        (Part::Html, carries.iter().any(|value| shown.html.contains(value.as_str()))),
    ];
    let needs = |part| (part, Problem::NeedsPlaceholder((*name).to_owned()));
    parts.into_iter().filter(|(_, carries)| !carries).map(|(part, _)| needs(part)).collect()
}

/// All parts of a template with these values.
///
/// # Errors
/// The first part that cannot be filled in.
pub fn shown(compiled: &Compiled, values: &[(&'static str, String)]) -> Result<Parts, (Part, Trouble)> {
    let part = |part: Part| compiled.fill_in(part, values).map_err(|trouble| (part, trouble));
    Ok(Parts { subject: part(Part::Subject)?, text: part(Part::Text)?, html: part(Part::Html)? })
}
