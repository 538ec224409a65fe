//! The rules of changing what messages say: a template is stored only if it can be filled in and carries what the message is
//! for.

use super::text;
use crate::{
    audit::{self, Actor, Event},
    core::Core,
    entity::{message_template, stored::Stored},
    outbox::{
        alert,
        service::{Outgoing, enqueue},
    },
    platform::{
        clock::minute_text,
        database, phone,
        template::{Compiled, Part, Trouble},
        throttle, vault,
    },
    requests::{self, change::Change},
    templates::{self, store},
};
use app::{
    audit::types::Action,
    brand::mail::{dressed, with_logo},
    caller::Session,
    challenge::text_message::segments,
    delivery::{message::MessageText, types::MessageKind},
    error::{AppError, FieldProblem, Problem},
    language::types::Language,
    message_templates::{
        defaults::{samples, template, written},
        names,
        port::MessageTemplatesPort,
        types::{Editor, HTML_MAX, Message, Parts, Row, SUBJECT_MAX, Shown, TEXT_MAX},
    },
};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::sync::Arc;

/// How many samples an administrator gets in the window below.
pub const SAMPLES: i32 = 20;
/// That window, in seconds.
pub const WINDOW: i64 = 3_600;
/// Seconds that a sample is worth sending.
const LIFETIME: i64 = 3_600;

/// What messages say.
pub struct MessageTemplates(pub Arc<Core>);

#[async_trait]
impl MessageTemplatesPort for MessageTemplates {
    async fn list(&self, language: Language) -> Result<Vec<Row>, AppError> {
        let stored = store::all(&self.0.db, Some(language)).await?;
        let row = |message: &Message| {
            let found = stored.iter().find(|row| row.message.0 == *message);
            Row { message: *message, changed: found.map(|row| (minute_text(row.changed_at), row.changed_by.clone())) }
        };
        Ok(Message::ALL.iter().map(row).collect())
    }

    async fn editor(&self, admin: &Session, language: Language, message: Message) -> Result<Editor, AppError> {
        let db = &self.0.db;
        let stored = store::find(db, language, message).await?;
        let draft = store::draft(db, admin.account_id, language, message).await?;
        let saved = stored.as_ref().map_or_else(|| template(language, message), message_template::Model::parts);
        let parts = draft.clone().unwrap_or_else(|| saved.clone());
        let shown = self.shown(language, message, &parts, stored.is_some());
        let own = if message.is_text() { text::own_number(&self.0, admin).await? } else { None };
        Ok(Editor {
            message,
            language,
            shown,
            changed: stored.is_some(),
            draft: draft.is_some_and(|draft| draft != saved),
            parts,
            own_number: own.map(|number| phone::mask(&number)),
        })
    }

    async fn draft(
        &self,
        admin: &Session,
        language: Language,
        message: Message,
        parts: &Parts,
    ) -> Result<(), AppError> {
        let parts = cut(message, parts);
        let transaction = database::begin(&self.0.db).await?;
        store::put_draft(&transaction, admin.account_id, (language, message), &parts, self.0.clock.now()).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn preview(&self, admin: &Session, language: Language, message: Message) -> Result<String, AppError> {
        let Editor { parts, changed, .. } = self.editor(admin, language, message).await?;
        let Ok(text) = self.as_sent(language, message, &parts, changed) else { return Ok(String::new()) };
        let logo = self.0.brand.logo().filter(|_| text.branded);
        let with_logo = logo.and_then(|logo| with_logo(&text.html, &logo.picture, &logo.address()));
        Ok(with_logo.unwrap_or(text.html))
    }

    async fn save(&self, admin: &Session, language: Language, message: Message, parts: &Parts) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        let actor = requests::service::actor(admin, true);
        put(&transaction, &self.0, actor, (language, message), parts).await?;
        store::remove_draft(&transaction, admin.account_id, language, message).await?;
        let change = Change::Template { message, language, parts: Box::new(cut(message, parts)) };
        requests::service::settle(&self.0, transaction, actor, change).await
    }

    async fn reset(&self, admin: &Session, language: Language, message: Message) -> Result<(), AppError> {
        let core = &self.0;
        let transaction = database::begin(&core.db).await?;
        store::remove_draft(&transaction, admin.account_id, language, message).await?;
        if store::remove(&transaction, language, message).await? {
            let event = event(Action::TemplateReset, Actor::Session(admin), language, message);
            alert::record(&transaction, core, event).await?;
        }
        Ok(database::commit(transaction).await?)
    }

    async fn send(
        &self,
        admin: &Session,
        language: Language,
        message: Message,
        parts: &Parts,
        number: &str,
    ) -> Result<(), AppError> {
        let core = &self.0;
        let changed = store::find(&core.db, language, message).await?.is_some();
        let text = self.as_sent(language, message, &cut(message, parts), changed).map_err(invalid)?;
        if message.is_text() {
            return text::send(core, admin, (language, message), &text.text, number).await;
        }
        let key = format!("template-samples:{}", admin.account_id);
        throttle::limit(&core.db, &key, core.clock.now(), WINDOW, SAMPLES).await?;
        let transaction = database::begin(&core.db).await?;
        let outgoing = Outgoing {
            kind: MessageKind::Sample,
            account_id: Some(admin.account_id),
            to: &admin.email,
            text: &text,
            lifetime: LIFETIME,
        };
        enqueue(&transaction, core, &outgoing).await?;
        let event = event(Action::TemplateSent, Actor::Session(admin), language, message);
        audit::record(&transaction, core, event).await?;
        Ok(database::commit(transaction).await?)
    }
}

/// Stores the words of a message, records it, and tells all administrators.
///
/// # Errors
/// `Invalid` by field.
pub async fn put(
    db: &impl ConnectionTrait,
    core: &Core,
    actor: Actor<'_>,
    (language, message): (Language, Message),
    parts: &Parts,
) -> Result<(), AppError> {
    let parts = cut(message, parts);
    let samples = samples(language, message, &core.brand.name(), core.public_url.as_str());
    filled(language, message, &parts, &samples).map_err(invalid)?;
    let Parts { subject, text, html } = parts;
    let model = message_template::Model {
        message: Stored(message),
        language: Stored(language),
        subject,
        text,
        html,
        changed_at: core.clock.now(),
        changed_by: actor.name().unwrap_or_default().to_owned(),
    };
    store::put(db, model).await?;
    alert::record(db, core, event(Action::TemplateSaved, actor, language, message)).await
}

/// An event about a message. The audit log speaks English.
fn event(action: Action, actor: Actor<'_>, language: Language, message: Message) -> Event<'_> {
    let name = Language::En.speak(|| names::message(message));
    Event::new(action, actor).to(&name).with(language.as_str())
}

impl MessageTemplates {
    /// A message with samples, and what is wrong with it.
    fn shown(&self, language: Language, message: Message, parts: &Parts, changed: bool) -> Shown {
        match self.as_sent(language, message, parts, changed) {
            Ok(MessageText { subject, text, html, .. }) => {
                let version = vault::token_hash(&html).chars().filter(char::is_ascii_alphanumeric).take(12).collect();
                let segments = message.is_text().then(|| segments(&text));
                Shown { problems: Vec::new(), subject, text, version, segments }
            }
            // One that is too long is shown with its length.
            Err(problems) if message.is_text() => {
                let samples = samples(language, message, &self.0.brand.name(), self.0.public_url.as_str());
                let compiled = Compiled::read(parts, message.placeholders()).ok();
                let text = compiled.and_then(|compiled| compiled.fill_in(Part::Text, &samples).ok());
                let segments = text.as_deref().map(segments);
                Shown { problems, text: text.unwrap_or_default(), segments, ..Shown::default() }
            }
            Err(problems) => Shown { problems, ..Shown::default() },
        }
    }

    /// A message with samples, as it would be sent. As long as it says what it came with, it has the brand's looks.
    fn as_sent(
        &self,
        language: Language,
        message: Message,
        parts: &Parts,
        changed: bool,
    ) -> Result<MessageText, Vec<FieldProblem>> {
        let brand = &self.0.brand;
        let samples = samples(language, message, &brand.name(), self.0.public_url.as_str());
        let Parts { subject, text, html } = filled(language, message, parts, &samples)?;
        if changed || message.is_text() || *parts != template(language, message) {
            return Ok(MessageText { subject, text, html, language, branded: false, draft: None });
        }
        let ours = language.speak(|| written(message, samples));
        // Dressed already, and not once more by the outbox.
        Ok(MessageText { draft: None, ..dressed(&ours, message, &brand.look()).unwrap_or(ours) })
    }
}

/// A message with these values.
///
/// # Errors
/// What is wrong, by field: too long or empty, a placeholder that does not exist, what cannot be read, with its line, or a
/// message that does not carry what it is for. A text message has a text alone, which has to fit into one.
pub fn filled(
    language: Language,
    message: Message,
    parts: &Parts,
    values: &[(&'static str, String)],
) -> Result<Parts, Vec<FieldProblem>> {
    let field = |part: Part, problem| FieldProblem { field: part.as_str().to_owned(), problem };
    let lengths = [(Part::Subject, SUBJECT_MAX), (Part::Text, TEXT_MAX), (Part::Html, HTML_MAX)];
    let problems: Vec<_> = lengths
        .into_iter()
        .filter(|(part, _)| *part == Part::Text || !message.is_text())
        .filter_map(|(part, max)| length(part.of(parts), max).map(|problem| field(part, problem)))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let compiled = Compiled::read(parts, message.placeholders())
        .map_err(|all| all.into_iter().map(|(part, trouble)| field(part, in_words(trouble))).collect::<Vec<_>>())?;
    let shown = templates::shown(&compiled, values).map_err(|(part, trouble)| vec![field(part, in_words(trouble))])?;
    // Filled in, and not only named: a comment or a condition may hide it.
    let lacking = templates::lacking(language, message, &shown, values);
    let problems: Vec<_> = lacking.into_iter().map(|(part, problem)| field(part, problem)).collect();
    if problems.is_empty() { Ok(shown) } else { Err(problems) }
}

fn length(text: &str, max: u32) -> Option<Problem> {
    if text.trim().is_empty() {
        return Some(Problem::Required);
    }
    let long = text.chars().count() > max as usize;
    let bad = text.contains('\0');
    if long { Some(Problem::TooLong(max)) } else { bad.then_some(Problem::ControlCharacters) }
}

fn in_words(trouble: Trouble) -> Problem {
    match trouble {
        Trouble::Syntax(line) => Problem::Syntax(line),
        Trouble::Unknown(name) => Problem::UnknownPlaceholder(name),
        Trouble::Failed => Problem::CannotBeFilledIn,
    }
}

fn invalid(fields: Vec<FieldProblem>) -> AppError {
    AppError::Invalid { fields, typed: Default::default() }
}

/// What was typed, with the line breaks of ours, and not endlessly long.
fn cut(message: Message, parts: &Parts) -> Parts {
    let part = |text: &str, max: u32| {
        let text = text.replace("\r\n", "\n").replace('\0', "");
        text.chars().take(max as usize + 1).collect::<String>()
    };
    if message.is_text() {
        let text = part(&parts.text, TEXT_MAX).trim_end().to_owned();
        return Parts { text, ..Parts::default() };
    }
    Parts {
        subject: part(&parts.subject, SUBJECT_MAX),
        text: part(&parts.text, TEXT_MAX),
        html: part(&parts.html, HTML_MAX),
    }
}
