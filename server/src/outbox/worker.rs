//! Empties the outbox for as long as the process lives.

use super::service::{Next, next, send};
use crate::core::Core;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How many messages are sent side by side, so that one slow mail server does not hold up all.
pub const HANDS: usize = 4;
/// How often the outbox is looked into when nothing wakes it: later attempts, messages of other processes, and those
/// that were stored in a transaction.
const LOOK: Duration = Duration::from_secs(1);
/// Sends until told to stop, and then finishes what is in hand.
pub async fn run(core: Arc<Core>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    let mut hands = JoinSet::new();
    let mut stuck = 0;
    loop {
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
