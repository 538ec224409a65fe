//! The rules of the outbox: a message is stored with what it is about, and sent afterwards by whoever claims it.

use super::{
    attempt::{Attempt, attempt, chain_of_mail},
    breaker, code, store,
};
use crate::{
    core::Core,
    entity::{challenge as challenge_row, delivery, delivery_attempt, stored::Stored},
    error::{Error, internal},
    offers,
    platform::{database, signals},
    templates,
};
use app::{
    delivery::{message::MessageText, types::MessageKind},
    error::{AppError, DeliveryFailure},
};
use metrics::{counter, gauge};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Seconds that one server has a message in hand before another may take it. It says again and again that it still has
/// it: a slow mail server is waited for much longer, and after a crash nobody has to wait for that long.
pub const LEASE: i64 = 30;
/// Seconds before the second attempt; each further pause is twice as long, up to the longest, and a little longer by
/// chance, so that what failed together does not come back together. A message is tried for as long as it is worth
/// sending.
pub const PAUSE: i64 = 15;
/// The longest pause between two attempts, in seconds.
pub const LONGEST_PAUSE: i64 = 3_600;
/// How long a notice is worth sending, in seconds.
pub const NOTICE_LIFETIME: i64 = 86_400;

/// A message to be sent.
pub struct Outgoing<'a> {
    /// What it is about.
    pub kind: MessageKind,
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
pub async fn enqueue(db: &impl ConnectionTrait, core: &Core, message: &Outgoing<'_>) -> Result<Uuid, AppError> {
    enqueue_by(db, core, message, None).await
}

/// The same by a provider, as long as it is active; otherwise by the first one that is.
pub(super) async fn enqueue_by(
    db: &impl ConnectionTrait,
    core: &Core,
    message: &Outgoing<'_>,
    service_id: Option<Uuid>,
) -> Result<Uuid, AppError> {
    let model = delivery::Model { service_id, ..stored(db, core, Uuid::now_v7(), message).await? };
    let model = store::insert(db, model).await?;
    core.outbox.wake.notify_one();
    signals::tell(db, signals::OUTBOX).await?;
    Ok(model.id)
}

/// Stores the message of a code under the id of its challenge, as being in this process's hand, which sends it
/// at once. Only if that never tells how it went, the message comes into another hand.
pub async fn enqueue_code(
    db: &impl ConnectionTrait,
    core: &Core,
    challenge: &challenge_row::Model,
    service_id: Option<Uuid>,
    text: &MessageText,
) -> Result<delivery::Model, AppError> {
    let message = Outgoing {
        kind: MessageKind::Code,
        account_id: Some(challenge.account_id),
        to: challenge.destination.as_deref().ok_or_else(|| Error::broken("a code that goes nowhere"))?,
        text,
        lifetime: challenge.expires_at - challenge.created_at,
    };
    let leased_until = Some(core.clock.now() + LEASE);
    let fresh = stored(db, core, challenge.id, &message).await?;
    let model = delivery::Model { service_id, leased_until, attempts: 1, ..fresh };
    Ok(store::insert(db, model).await?)
}

/// A message as it is stored, in the words that are its own by now.
async fn stored(
    db: &impl ConnectionTrait,
    core: &Core,
    id: Uuid,
    message: &Outgoing<'_>,
) -> Result<delivery::Model, AppError> {
    let now = core.clock.now();
    let text = templates::render(db, core, message.text).await?;
    let body = serde_json::to_string(text.as_ref()).map_err(internal)?;
    Ok(delivery::Model {
        id,
        kind: Stored(message.kind),
        account_id: message.account_id,
        service_id: None,
        destination: message.to.to_owned(),
        body: Some(core.vault.seal(&place(id), &body).map_err(internal)?),
        created_at: now,
        expires_at: now + message.lifetime,
        leased_until: None,
        retry_at: None,
        attempts: 0,
        sent_at: None,
        failed_at: None,
        failure: None,
    })
}

/// What there is to do in the outbox.
pub enum Next {
    /// Messages, which are in this server's hand now.
    Messages(Vec<delivery::Model>),
    /// Nothing is due.
    Nothing,
    /// So many messages are due, and no service provider sends mail.
    NoProvider(u64),
}

/// Takes the next messages that are due, so many at most. What has expired is given up.
pub async fn next(core: &Core, most: usize) -> Result<Next, AppError> {
    let (db, now) = (&core.db, core.clock.now());
    // Reads before it writes: most looks find nothing.
    let due = store::count_due(db, now).await?;
    gauge!("countersign_messages_due").set(u32::try_from(due).unwrap_or(u32::MAX));
    if due == 0 {
        return Ok(Next::Nothing);
    }
    store::give_up_expired(db, now).await?;
    // Without a provider nothing is tried, so that messages wait for one. A code has its own.
    let ready = offers::store::first_mail_provider(db).await?.is_some();
    let only = (!ready).then_some(MessageKind::Code);
    let transaction = database::begin(db).await?;
    let messages = store::claim(&transaction, now, now + LEASE, only, u64::try_from(most).unwrap_or(1)).await?;
    database::commit(transaction).await?;
    if !messages.is_empty() {
        return Ok(Next::Messages(messages));
    }
    if ready {
        return Ok(Next::Nothing);
    }
    Ok(match store::count_due(db, now).await? {
        0 => Next::Nothing,
        waiting => Next::NoProvider(waiting),
    })
}

/// Sends whatever is due, one message after the other. Tells how many were tried.
pub async fn send_due(core: &Core) -> Result<u32, AppError> {
    let mut tried = 0;
    while let Next::Messages(messages) = next(core, 1).await? {
        for message in messages {
            send(core, &message).await?;
            tried += 1;
        }
    }
    Ok(tried)
}

/// Sends a message that is in hand, and records how it went.
///
/// # Errors
/// When the database fails; the message is in hand until its lease runs out then.
pub async fn send(core: &Core, message: &delivery::Model) -> Result<(), AppError> {
    match hand_over(core, message.clone()).await? {
        Some(ended) => record_all(core, &[ended]).await,
        None => Ok(()),
    }
}

/// A message in hand with an attempt that has ended and is not recorded yet.
pub struct Ended {
    message: delivery::Model,
    attempt: Attempt,
}

/// Tries to hand over a message that is in hand. Of a code this records how it went; of others it is answered.
///
/// # Errors
/// As [`send`].
pub async fn hand_over(core: &Core, message: delivery::Model) -> Result<Option<Ended>, AppError> {
    if message.kind.0 == MessageKind::Code {
        code::send_again(core, &message).await?;
        return Ok(None);
    }
    let chain = chain_of_mail(core, &message).await?;
    let attempt = attempt(core, &message, &chain).await;
    Ok(Some(Ended { message, attempt }))
}

/// Records attempts at messages that are no codes, in one transaction. A failure that may pass is followed by another
/// attempt after a pause.
///
/// # Errors
/// When the database fails; nothing of it is recorded then.
pub async fn record_all(core: &Core, ended: &[Ended]) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    record_tries(&transaction, core, ended.iter().map(|one| (&one.message, &one.attempt))).await?;
    let mut sent: BTreeMap<Option<Uuid>, Vec<Uuid>> = BTreeMap::new();
    for Ended { message, attempt } in ended {
        match &attempt.result {
            Ok(()) => sent.entry(attempt.service_id).or_default().push(message.id),
            Err(failure) => {
                let retry = !failure.kind.is_permanent();
                note_failed(&transaction, core, message, attempt.service_id, failure, retry).await?;
            }
        }
    }
    for (service, ids) in sent {
        store::note_sent(&transaction, ids, service, core.clock.now()).await?;
    }
    Ok(database::commit(transaction).await?)
}

/// What was recorded of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// How it went.
    First,
    /// How it went, after a failure that was recorded before.
    AfterFailure,
    /// Nothing: another server has taken the message over, or it is over already.
    Nothing,
}

/// Records an attempt. A failed one with `retry` is followed by another after a pause.
pub async fn record(
    db: &impl ConnectionTrait,
    core: &Core,
    message: &delivery::Model,
    attempt: &Attempt,
    retry: bool,
) -> Result<Recorded, AppError> {
    record_tries(db, core, [(message, attempt)].into_iter()).await?;
    let noted = match &attempt.result {
        Ok(()) => {
            let noted = store::note_sent(db, vec![message.id], attempt.service_id, core.clock.now()).await?;
            noted.into_iter().next()
        }
        Err(failure) => note_failed(db, core, message, attempt.service_id, failure, retry).await?,
    };
    Ok(match noted {
        None => Recorded::Nothing,
        Some(row) if attempt.result.is_ok() && row.failure.is_some() => Recorded::AfterFailure,
        Some(_) => Recorded::First,
    })
}

async fn record_tries<'a>(
    db: &impl ConnectionTrait,
    core: &Core,
    attempts: impl Iterator<Item = (&'a delivery::Model, &'a Attempt)>,
) -> Result<(), AppError> {
    let (mut rows, mut tries) = (Vec::new(), Vec::new());
    for (message, attempt) in attempts {
        for tried in &attempt.tries {
            rows.push(delivery_attempt::Model {
                id: Uuid::now_v7(),
                delivery_id: message.id,
                service_id: tried.service_id,
                began_at: tried.began_at,
                ended_at: tried.ended_at,
                failure: tried.failure.clone().map(Stored),
            });
            tries.push(tried);
            let result = if tried.failure.is_none() { "accepted" } else { "failed" };
            counter!("countersign_messages_total", "kind" => message.kind.0.as_str(), "result" => result).increment(1);
        }
    }
    store::insert_attempts(db, rows).await?;
    breaker::note(db, core, tries).await
}

async fn note_failed(
    db: &impl ConnectionTrait,
    core: &Core,
    message: &delivery::Model,
    service: Option<Uuid>,
    failure: &DeliveryFailure,
    retry: bool,
) -> Result<Option<delivery::Model>, AppError> {
    let now = core.clock.now();
    let retry_at = retry.then(|| now + pause(message.id, message.attempts));
    Ok(store::note_failed(db, message, service, failure, now, retry_at).await?)
}

/// Seconds to wait after so many attempts: up to a quarter more by chance, which is each message's own.
pub fn pause(id: Uuid, attempts: i32) -> i64 {
    let pause = (PAUSE << (attempts - 1).clamp(0, 16)).min(LONGEST_PAUSE);
    // The last bytes of an id are random.
    pause + pause * i64::from(id.as_bytes()[15]) / 1_020
}

/// What a message's sealed body is bound to.
pub(super) fn place(id: Uuid) -> String {
    format!("delivery:{id}")
}
