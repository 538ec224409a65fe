//! The messages of codes: what becomes of one is told to its challenge, on whose screen somebody waits.

use super::{
    service::{Attempt, attempt, record},
    store,
};
use crate::{
    core::Core,
    entity::{challenge, delivery},
    platform::database,
};
use app::error::{AppError, DeliveryFailure, DeliveryFailureKind};

/// Sends a code's message and records how it went. A failure is told on the code screen, where a new code can be asked
/// for at once; so it is the end of this code, and no later attempt surprises anybody. `older` says whether there are
/// older codes that this one replaces.
///
/// # Errors
/// When something inside fails. The outer result; the inner one is the delivery's.
pub async fn send(
    core: &Core,
    challenge: &challenge::Model,
    message: &delivery::Model,
    older: bool,
) -> Result<Result<(), DeliveryFailure>, AppError> {
    let attempt = attempt(core, message).await;
    let Attempt { result, .. } = &attempt;
    let transaction = database::begin(&core.db).await?;
    record(&transaction, core, message, &attempt, false).await?;
    if let Err(failure) = result {
        store::note_failure_of_challenge(&transaction, challenge.id, failure).await?;
    }
    // An older code lives on if the new one certainly did not leave.
    if older && result.as_ref().map_or_else(may_have_left, |()| true) {
        store::replace_older_challenges(&transaction, challenge).await?;
    }
    database::commit(transaction).await?;
    Ok(attempt.result)
}

/// Sends a code whose first sender vanished before it could tell how that went, as long as somebody may wait for it.
///
/// # Errors
/// When something inside fails.
pub async fn send_again(core: &Core, message: &delivery::Model) -> Result<(), AppError> {
    let now = core.clock.now();
    match store::living_challenge(&core.db, message.id, now).await? {
        Some(challenge) => send(core, &challenge, message, true).await.map(|_| ()),
        None => Ok(store::give_up(&core.db, message.id, now).await?),
    }
}

/// After a time-out the message may still arrive, so its code counts.
pub fn may_have_left(failure: &DeliveryFailure) -> bool {
    failure.kind == DeliveryFailureKind::TimedOut
}
