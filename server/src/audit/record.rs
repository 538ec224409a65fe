//! Writes what happened, into the database and into the server's log.

use super::store;
use crate::{
    core::Core,
    entity::{
        account,
        audit_event::{self, Recorded},
        stored::Stored,
    },
    error::Error,
};
use app::{
    audit::types::{Action, Outcome},
    caller::{Origin, Session},
    error::AppError,
    language::types::Language,
    text::misleads,
};
use metrics::counter;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Who acted.
#[derive(Clone, Copy)]
pub enum Actor<'a> {
    /// A session's account.
    Session(&'a Session),
    /// A session's account that asks for a change: what it does is tried and dropped, so nothing is logged or told.
    Asking(&'a Session),
    /// An account that has no session yet, or not this one.
    Account(&'a account::Model, &'a Origin),
    /// Nobody that is known.
    Stranger(&'a Origin),
    /// An operator at the command line.
    CommandLine,
    /// The server by itself.
    Server,
}

impl Actor<'_> {
    /// The session that acted, if one did.
    pub const fn session_id(&self) -> Option<Uuid> {
        match self {
            Self::Session(session) | Self::Asking(session) => Some(session.id),
            _ => None,
        }
    }

    /// The account that acted, if one did.
    pub const fn account_id(&self) -> Option<Uuid> {
        match self {
            Self::Session(session) | Self::Asking(session) => Some(session.account_id),
            Self::Account(account, _) => Some(account.id),
            Self::Stranger(_) | Self::CommandLine | Self::Server => None,
        }
    }

    /// The language of messages to others that come of it, who have chosen none.
    pub fn language(&self) -> Language {
        match self {
            Self::Session(session) | Self::Asking(session) => session.reads(),
            Self::Account(account, origin) => account.reads(origin.language),
            Self::Stranger(origin) => origin.language,
            Self::CommandLine | Self::Server => Language::En,
        }
    }

    /// Who it is, in lists: an account's address, or what else acted.
    pub fn name(&self) -> Option<&str> {
        Some(match self {
            Self::Session(session) | Self::Asking(session) => &session.email,
            Self::Account(account, _) => &account.email,
            Self::Stranger(_) => return None,
            Self::CommandLine => "command line",
            Self::Server => "server",
        })
    }
}

/// What happened. Holds no code, cookie, password or secret (ASVS 16.2.5).
pub struct Event<'a> {
    action: Action,
    outcome: Outcome,
    actor: Actor<'a>,
    subject_id: Option<Uuid>,
    subject: Option<String>,
    details: Option<String>,
}

impl<'a> Event<'a> {
    /// Something that was done.
    pub fn new(action: Action, actor: Actor<'a>) -> Self {
        Self { action, outcome: Outcome::Success, actor, subject_id: None, subject: None, details: None }
    }

    /// Something that was refused or failed.
    pub fn failure(action: Action, actor: Actor<'a>) -> Self {
        Self { outcome: Outcome::Failure, ..Self::new(action, actor) }
    }

    /// The account that it was done to.
    pub fn to_account(mut self, id: Uuid, email: &str) -> Self {
        self.subject_id = Some(id);
        self.subject = Some(email.to_owned());
        self
    }

    /// What it was done to, where that is no account: its title.
    pub fn to(mut self, title: &str) -> Self {
        self.subject = Some(title.to_owned());
        self
    }

    /// Who acted.
    pub const fn actor(&self) -> Actor<'a> {
        self.actor
    }

    /// What happened.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// To what or whom it was done, and more in plain words.
    pub fn about(&self) -> (Option<&str>, Option<&str>) {
        (self.subject.as_deref(), self.details.as_deref())
    }

    /// More, in plain words.
    pub fn with(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }
}

/// Records an event. Within a transaction it is kept or lost with it.
///
/// # Errors
/// When the database fails: what cannot be recorded is not done.
pub async fn record(db: &impl ConnectionTrait, core: &Core, event: Event<'_>) -> Result<(), AppError> {
    Ok(record_at(db, core.clock.now(), event).await?)
}

/// The same where no server runs, with the time.
///
/// # Errors
/// When the database fails: what cannot be recorded is not done.
pub async fn record_at(db: &impl ConnectionTrait, at: i64, event: Event<'_>) -> Result<(), Error> {
    let origin = match event.actor {
        Actor::Session(session) | Actor::Asking(session) => Some(&session.origin),
        Actor::Account(_, origin) | Actor::Stranger(origin) => Some(origin),
        Actor::CommandLine | Actor::Server => None,
    };
    let model = audit_event::Model {
        id: Uuid::now_v7(),
        at,
        action: Recorded::Known(event.action),
        outcome: Stored(event.outcome),
        actor_id: event.actor.account_id(),
        actor: event.actor.name().map(clean),
        subject_id: event.subject_id,
        subject: event.subject.as_deref().map(clean),
        address: origin.map(|origin| origin.address.to_string()),
        details: event.details.as_deref().map(clean),
    };
    if matches!(event.actor, Actor::Asking(_)) {
        return store::insert(db, model).await;
    }
    tracing::info!(
        target: "audit",
        action = event.action.as_str(),
        outcome = event.outcome.as_str(),
        actor = ?model.actor_id,
        subject = ?model.subject_id,
        address = model.address,
        "{}",
        model.details.as_deref().unwrap_or_default()
    );
    counter!("countersign_events_total", "action" => event.action.as_str(), "outcome" => event.outcome.as_str())
        .increment(1);
    store::insert(db, model).await
}

/// Control characters would forge lines of a log, and marks of direction would turn them around (ASVS 16.4.1).
fn clean(text: &str) -> String {
    let forges = |c: char| c.is_control() || misleads(c);
    text.chars().map(|c| if forges(c) { ' ' } else { c }).take(500).collect()
}
