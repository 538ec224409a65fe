//! Empties the outbox for as long as the process lives.

use super::{
    listen,
    service::{Next, next, send},
    store,
};
use crate::{core::Core, looks};
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
/// The same where other servers tell what they put into it: a word may be lost.
const RARELY: Duration = Duration::from_secs(10);
/// How soon after something woke it, and then at growing times: what wakes it may not be committed yet.
const SOON: Duration = Duration::from_millis(5);

/// Sends until told to stop, and then finishes what is in hand, codes included.
pub async fn run(core: Arc<Core>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    let mut hands = JoinSet::new();
    // It ends with this one.
    let mut listening = JoinSet::new();
    listening.spawn(listen::run(core.clone()));
    let slow = Arc::new(AtomicUsize::new(0));
    let (mut stuck, mut pause, mut longest) = (0, LOOK, LOOK);
    loop {
        looks::refresh(&core).await;
        let is_free = |on_their_way: usize| {
            on_their_way < MOST && on_their_way.saturating_sub(slow.load(Ordering::SeqCst)) < HANDS
        };
        while is_free(hands.len()) {
            match next(&core).await {
                Ok(Next::Message(message)) => {
                    let (core, slow) = (core.clone(), slow.clone());
                    hands.spawn(async move {
                        let mut sending = pin!(send(&core, &message));
                        if timeout(core.outbox.slow, &mut sending).await.is_err() {
                            slow.fetch_add(1, Ordering::SeqCst);
                            let _ = sending.await;
                            slow.fetch_sub(1, Ordering::SeqCst);
                        }
                    });
                    continue;
                }
                Ok(Next::Nothing) => {
                    stuck = 0;
                    longest = until_next(&core).await;
                }
                Ok(Next::NoProvider(waiting)) => {
                    longest = LOOK;
                    if waiting > stuck {
                        tracing::warn!(waiting, "messages wait, because no service provider that sends mail is active");
                    }
                    stuck = waiting;
                }
                Err(_) => {
                    longest = LOOK;
                    tracing::warn!("the outbox could not be read; trying again");
                }
            }
            break;
        }
        // A hand that turns out to be slow makes room, and tells nobody.
        let longest = if is_free(hands.len()) { longest } else { LOOK };
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = hands.join_next() => {}
            () = core.outbox.wake.notified(), if is_free(hands.len()) => pause = SOON,
            () = tokio::time::sleep(pause.min(longest)) => pause = (pause * 4).min(longest),
        }
    }
    while hands.join_next().await.is_some() {}
    core.outbox.codes.close();
    core.outbox.codes.wait().await;
}

/// How long nothing needs to be looked for: until the next message comes due, where word of new ones comes by itself.
async fn until_next(core: &Core) -> Duration {
    if !core.outbox.hears() {
        return LOOK;
    }
    match store::next_due(&core.db).await {
        Ok(Some(at)) => {
            let left = u64::try_from(at - core.clock.now()).unwrap_or_default();
            Duration::from_secs(left).clamp(SOON, RARELY)
        }
        Ok(None) => RARELY,
        Err(_) => LOOK,
    }
}
