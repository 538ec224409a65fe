//! The messages of codes: what becomes of one is told to its challenge, on whose screen somebody waits.

use super::{
    attempt::{Attempt, attempt, chain_of_code, hold},
    service::{Recorded, record},
    store,
};
use crate::{
    core::Core,
    entity::{challenge, delivery},
    error::internal,
    platform::database,
};
use app::error::{AppError, DeliveryFailure, DeliveryFailureKind};
use std::sync::Arc;
use tokio::{task::JoinHandle, time::timeout};

/// What becomes of a code's message.
pub enum Sending {
    /// How it went.
    Ended(Result<(), DeliveryFailure>),
    /// It is on its way; this tells how that goes.
    OnItsWay(JoinHandle<Delivered>),
}

/// How the delivery of a message went. The outer error is one of ours.
pub type Delivered = Result<Result<(), DeliveryFailure>, AppError>;

/// Sends a code's message, and waits a moment for how that goes. Whoever asked may leave, and a slow mail server may take
/// minutes: the message goes its way all the same, and its end is recorded. `older` says whether there are older codes
/// that this one replaces, `scripted` whether the page hears what comes later.
///
/// # Errors
/// When something inside fails.
pub async fn send(
    core: &Arc<Core>,
    challenge: challenge::Model,
    message: delivery::Model,
    older: bool,
    scripted: bool,
) -> Result<Sending, AppError> {
    let mut sending = core.outbox.codes.spawn({
        let core = core.clone();
        async move { deliver(&core, &challenge, &message, older).await }
    });
    let moment = if scripted { core.outbox.scripted_page } else { core.outbox.page };
    match timeout(moment, &mut sending).await {
        Ok(done) => Ok(Sending::Ended(done.map_err(internal)??)),
        Err(_) => Ok(Sending::OnItsWay(sending)),
    }
}

/// Sends a message that is in hand and records how it went. A failure is told on the code screen, where a new code can
/// be asked for at once; so it is the end of this code, and no later attempt surprises anybody. Only where the server
/// asks to be asked again, that happens, for as long as the code lives.
async fn deliver(core: &Core, challenge: &challenge::Model, message: &delivery::Model, older: bool) -> Delivered {
    // It is never closed.
    let places = core.outbox.places(message.service_id);
    let _place = hold(core, message, places.acquire()).await.map_err(internal)?;
    let chain = chain_of_code(core, challenge).await?;
    let attempt = attempt(core, message, &chain).await;
    let Attempt { result, .. } = &attempt;
    let retry = result.as_ref().is_err_and(|failure| failure.kind == DeliveryFailureKind::Deferred);
    let transaction = database::begin(&core.db).await?;
    let recorded = record(&transaction, core, message, &attempt, retry).await?;
    match result {
        Err(failure) if recorded != Recorded::Nothing => {
            store::note_failure_of_challenge(&transaction, challenge.id, Some(failure)).await?;
        }
        Ok(()) if recorded == Recorded::AfterFailure => {
            store::note_failure_of_challenge(&transaction, challenge.id, None).await?;
        }
        _ => {}
    }
    // An older code lives on if the new one certainly did not leave.
    if older && result.as_ref().map_or_else(|failure| failure.kind.may_arrive(), |()| true) {
        store::replace_older_challenges(&transaction, challenge).await?;
    }
    database::commit(transaction).await?;
    Ok(attempt.result)
}

/// Sends a code that its first sender could not send, or vanished with, as long as somebody may wait for it.
///
/// # Errors
/// When something inside fails.
pub async fn send_again(core: &Core, message: &delivery::Model) -> Result<(), AppError> {
    let now = core.clock.now();
    match store::living_challenge(&core.db, message.id, now).await? {
        Some(challenge) => deliver(core, &challenge, message, true).await.map(|_| ()),
        None => Ok(store::give_up(&core.db, message.id, now).await?),
    }
}
