//! How far the message of a code is, for the page that waits for it.

use super::store;
use crate::{
    core::Core,
    entity::{challenge, delivery},
    outbox,
    platform::clock::second_text,
    sessions,
};
use app::{
    caller::Session,
    challenge::types::{Progress, Purpose, Stage},
    error::AppError,
};

/// How far the message of a challenge is. Nothing where it has none, or nobody waits for it any more.
///
/// # Errors
/// Only when something inside fails.
pub(super) async fn of(core: &Core, challenge: Option<&challenge::Model>) -> Result<Option<Progress>, AppError> {
    let now = core.clock.now();
    let waits = |challenge: &&challenge::Model| {
        challenge.kind.0.sends()
            && challenge.consumed_at.is_none()
            && challenge.replaced_by.is_none()
            && challenge.expires_at > now
    };
    let Some(challenge) = challenge.filter(waits) else { return Ok(None) };
    // A message has the id of its challenge.
    let message = outbox::store::by_id(&core.db, challenge.id).await?;
    let reference = challenge.reference.clone().unwrap_or_default();
    Ok(message.map(|message| told(reference, &message, now)))
}

fn told(reference: String, message: &delivery::Model, now: i64) -> Progress {
    let (stage, at) = match message {
        delivery::Model { sent_at: Some(at), .. } => (Stage::Accepted, Some(*at)),
        delivery::Model { failed_at: Some(_), .. } => (Stage::Refused, None),
        delivery::Model { retry_at: Some(at), .. } => (Stage::PutOff, Some(*at)),
        delivery::Model { leased_until: Some(until), .. } if *until > now => (Stage::Sending, None),
        _ => (Stage::Queued, None),
    };
    let failure = message.failure.as_ref().filter(|_| stage != Stage::Accepted).map(|failure| failure.0.kind);
    Progress { reference, stage, at: at.map(second_text), failure }
}

/// The same as long as the session waits for it, whatever server answers.
///
/// # Errors
/// Only when something inside fails.
pub(super) async fn in_session(core: &Core, session: &Session, purpose: Purpose) -> Result<Option<Progress>, AppError> {
    let waiting = purpose == Purpose::SignIn;
    if !sessions::store::is_alive(&core.db, session.id, waiting, core.clock.now()).await? {
        return Ok(None);
    }
    let challenges = store::newest(&core.db, session.id, purpose).await?;
    of(core, challenges.first()).await
}
