//! Empties the outbox for as long as the process lives.

use super::{
    service::{Next, next, send},
    store,
};
use crate::{challenge, core::Core, platform::throttle};
use app::error::AppError;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How many messages are sent side by side, so that one slow mail server does not hold up all.
pub const HANDS: usize = 4;
/// How often the outbox is looked into when nothing wakes it: later attempts, messages of other processes, and those
/// that were stored in a transaction.
const LOOK: Duration = Duration::from_secs(1);
/// How long a delivery is kept, in seconds.
pub const KEPT: i64 = 30 * 86_400;
/// Seconds between two times of tidying up.
const TIDY_EVERY: i64 = 3_600;
/// Seconds after which no counter of tries and no challenge counts any more.
const COUNTED: i64 = 2 * 86_400;

/// Sends until told to stop, and then finishes what is in hand.
pub async fn run(core: Arc<Core>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    let mut hands = JoinSet::new();
    let mut stuck = 0;
    let mut tidied_at = i64::MIN;
    loop {
        if tidied_at.saturating_add(TIDY_EVERY) <= core.clock.now() {
            tidied_at = core.clock.now();
            // Its failure is in the log already, and the next time is near.
            let _ = tidy(&core).await;
        }
        while hands.len() < HANDS {
            match next(&core).await {
                Ok(Next::Message(message)) => {
                    let core = core.clone();
                    hands.spawn(async move { send(&core, &message).await });
                    continue;
                }
                Ok(Next::Nothing) => stuck = 0,
                Ok(Next::NoProvider(waiting)) => {
                    if waiting > stuck {
                        tracing::warn!(waiting, "messages wait, because no service provider that sends mail is active");
                    }
                    stuck = waiting;
                }
                Err(_) => tracing::warn!("the outbox could not be read; trying again"),
            }
            break;
        }
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = hands.join_next() => {}
            () = core.outbox.notified(), if hands.len() < HANDS => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
    while hands.join_next().await.is_some() {}
}

/// Removes what nobody needs any more.
///
/// # Errors
/// When the database fails.
pub async fn tidy(core: &Core) -> Result<(), AppError> {
    let now = core.clock.now();
    store::remove_older(&core.db, now - KEPT).await?;
    challenge::store::remove_older(&core.db, now - COUNTED).await?;
    Ok(throttle::remove_older(&core.db, now - COUNTED).await?)
}
