//! The rules of the outbox: a message is stored with what it is about, and sent afterwards by whoever claims it.

use super::store;
use crate::{
    clock::minute_text,
    core::{Core, failed, internal},
    entity::{account, delivery, service_provider},
    services,
};
use app::{
    delivery::message::{MessageText, Notice, notice_message},
    error::{AppError, DeliveryFailure, DeliveryFailureKind},
};
use sea_orm::ConnectionTrait;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Seconds that one server has a message in hand before another may take it: longer than a mail server is waited for.
const LEASE: i64 = 60;
/// Seconds before the second attempt; each further pause is twice as long.
const PAUSE: i64 = 15;
/// How often a message is tried.
const ATTEMPTS: i32 = 8;
/// How long a notice is worth sending, in seconds.
const NOTICE_LIFETIME: i64 = 86_400;
/// How often the outbox is looked into when nothing wakes it.
const LOOK: Duration = Duration::from_secs(5);

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An invitation.
    Invitation,
    /// A link for a new password.
    PasswordReset,
    /// A link that finishes a registration.
    Registration,
    /// A link that proves a new address.
    EmailChange,
    /// The announcement of a change.
    Notice,
}

impl Kind {
    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Registration => "registration",
            Self::EmailChange => "email_change",
            Self::Notice => "notice",
        }
    }
}

/// A message to be sent.
pub struct Outgoing<'a> {
    /// What it is about.
    pub kind: Kind,
    /// The account that it is for, where there is one already.
    pub account_id: Option<Uuid>,
    /// Where it goes.
    pub to: &'a str,
    /// The message.
    pub text: &'a MessageText,
    /// Seconds after which it is no longer worth sending.
    pub lifetime: i64,
}

/// Stores a message for sending. Within a transaction it is sent only if that is committed.
///
/// # Errors
/// When the database fails.
pub async fn enqueue(db: &impl ConnectionTrait, core: &Core, message: &Outgoing<'_>) -> Result<Uuid, AppError> {
    let now = core.clock.now();
    let id = Uuid::now_v7();
    let body = serde_json::to_string(message.text).map_err(internal)?;
    let model = delivery::Model {
        id,
        kind: message.kind.as_str().to_owned(),
        account_id: message.account_id,
        service_id: None,
        destination: message.to.to_owned(),
        body: Some(core.vault.seal(&place(id), &body).map_err(internal)?),
        created_at: now,
        expires_at: now + message.lifetime,
        leased_until: None,
        attempts: 0,
        sent_at: None,
        failed_at: None,
        failure: None,
    };
    store::insert(db, model).await.map_err(failed)?;
    core.outbox.notify_one();
    Ok(id)
}

/// Tells an account about a change, at its own address.
///
/// # Errors
/// When the database fails.
pub async fn announce(
    db: &impl ConnectionTrait,
    core: &Core,
    account: &account::Model,
    notice: Notice,
) -> Result<(), AppError> {
    announce_to(db, core, account.id, &account.email, notice).await
}

/// Tells an account about a change, at an address of its own or of before.
///
/// # Errors
/// When the database fails.
pub async fn announce_to(
    db: &impl ConnectionTrait,
    core: &Core,
    account_id: Uuid,
    to: &str,
    notice: Notice,
) -> Result<(), AppError> {
    let text = notice_message(&core.brand, notice, &minute_text(core.clock.now()));
    let message =
        Outgoing { kind: Kind::Notice, account_id: Some(account_id), to, text: &text, lifetime: NOTICE_LIFETIME };
    enqueue(db, core, &message).await.map(|_| ())
}

/// Sends whatever is due, one message after the other. Tells how many were tried.
///
/// # Errors
/// When the database fails.
pub async fn run_once(core: &Core) -> Result<u32, AppError> {
    let mut tried = 0;
    loop {
        let now = core.clock.now();
        store::give_up_expired(&core.db, now).await.map_err(failed)?;
        let Some(message) = store::claim(&core.db, now, now + LEASE).await.map_err(failed)? else { return Ok(tried) };
        tried += 1;
        send(core, message).await?;
    }
}

/// Sends for as long as the process lives.
pub async fn run(core: Arc<Core>) {
    loop {
        if run_once(&core).await.is_err() {
            tracing::warn!("the outbox could not be read; trying again");
        }
        // A message of this process wakes it; those of other processes and later attempts wait for the next look.
        let _ = tokio::time::timeout(LOOK, core.outbox.notified()).await;
    }
}

async fn send(core: &Core, message: delivery::Model) -> Result<(), AppError> {
    let provider = services::store::first_active(&core.db).await.map_err(failed)?;
    let provider_id = provider.as_ref().map(|row| row.id);
    let result = hand_over(core, provider.as_ref(), &message).await;
    let now = core.clock.now();
    match result {
        Ok(()) => store::note_sent(&core.db, message.id, provider_id, now).await.map_err(failed),
        Err(failure) => {
            tracing::warn!(delivery = %message.id, kind = message.kind, failure = ?failure.kind, answer = failure.answer, "message not delivered");
            let last = failure.kind == DeliveryFailureKind::RecipientRefused || message.attempts >= ATTEMPTS;
            let text = serde_json::to_string(&failure).map_err(internal)?;
            let retry_at = (!last).then(|| now + PAUSE * (1 << (message.attempts - 1).clamp(0, 10)));
            store::note_failed(&core.db, message.id, provider_id, &text, now, retry_at).await.map_err(failed)
        }
    }
}

async fn hand_over(
    core: &Core,
    provider: Option<&service_provider::Model>,
    message: &delivery::Model,
) -> Result<(), DeliveryFailure> {
    let inactive = || DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None };
    let provider = provider.ok_or_else(inactive)?;
    let body = message.body.as_deref().ok_or_else(inactive)?;
    let body = core.vault.open_sealed(&place(message.id), body).map_err(|_| inactive())?;
    let text: MessageText = serde_json::from_str(&body).map_err(|_| inactive())?;
    services::service::send_through(core, provider, &message.destination, &text).await
}

/// What a message's sealed body is bound to.
fn place(id: Uuid) -> String {
    format!("delivery:{id}")
}
