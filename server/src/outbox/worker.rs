//! Empties the outbox for as long as the process lives.

use super::service::{Next, next, send};
use crate::core::Core;
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{task::JoinSet, time::timeout};

/// How many messages are sent side by side, so that one slow mail server does not hold up all.
pub const HANDS: usize = 4;
/// How many are on their way at most. One that is slow does not count among the hands: a mail server may be waited for
/// for minutes.
const MOST: usize = 64;
/// How often the outbox is looked into when nothing wakes it: later attempts, and messages of other processes.
const LOOK: Duration = Duration::from_secs(1);
/// How soon after something woke it, and then at growing times: what wakes it may not be committed yet.
const SOON: Duration = Duration::from_millis(5);

/// Sends until told to stop, and then finishes what is in hand, codes included.
pub async fn run(core: Arc<Core>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    let mut hands = JoinSet::new();
    let slow = Arc::new(AtomicUsize::new(0));
    let (mut stuck, mut pause) = (0, LOOK);
    loop {
        let is_free = |on_their_way: usize| {
            on_their_way < MOST && on_their_way.saturating_sub(slow.load(Ordering::SeqCst)) < HANDS
        };
        while is_free(hands.len()) {
            match next(&core).await {
                Ok(Next::Message(message)) => {
                    let (core, slow) = (core.clone(), slow.clone());
                    hands.spawn(async move {
                        let mut sending = pin!(send(&core, &message));
                        if timeout(core.outbox.page, &mut sending).await.is_err() {
                            slow.fetch_add(1, Ordering::SeqCst);
                            let _ = sending.await;
                            slow.fetch_sub(1, Ordering::SeqCst);
                        }
                    });
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
            () = core.outbox.wake.notified(), if is_free(hands.len()) => pause = SOON,
            () = tokio::time::sleep(pause) => pause = (pause * 4).min(LOOK),
        }
    }
    while hands.join_next().await.is_some() {}
    core.outbox.codes.close();
    core.outbox.codes.wait().await;
}
