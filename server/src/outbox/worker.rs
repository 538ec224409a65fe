//! Empties the outbox for as long as the process lives.

use super::{
    hands::{Hands, record},
    listen,
    service::{Next, next},
    store,
};
use crate::{core::Core, looks};
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// How often the outbox is looked into when nothing wakes it: later attempts, and messages of other processes.
const LOOK: Duration = Duration::from_secs(1);
/// The same where other servers tell what they put into it: a word may be lost.
const RARELY: Duration = Duration::from_secs(10);
/// How soon after something woke it, and then at growing times: what wakes it may not be committed yet.
const SOON: Duration = Duration::from_millis(5);

/// Sends until told to stop, and then finishes what is being sent, codes included.
pub async fn run(core: Arc<Core>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    // Both end with this one.
    let (mut listening, mut recording) = (JoinSet::new(), JoinSet::new());
    listening.spawn(listen::run(core.clone()));
    let (hands, ended) = Hands::new(core.clone());
    recording.spawn(record(core.clone(), ended));
    let mut in_hand = JoinSet::new();
    let (mut stuck, mut pause, mut longest) = (0, LOOK, LOOK);
    loop {
        looks::refresh(&core).await;
        loop {
            let room = hands.room(in_hand.len());
            if room == 0 {
                break;
            }
            match next(&core, room).await {
                Ok(Next::Messages(messages)) => {
                    for message in messages {
                        in_hand.spawn(hands.clone().carry(message));
                    }
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
        let has_room = hands.room(in_hand.len()) > 0;
        let longest = if has_room { longest } else { LOOK };
        tokio::select! {
            biased;
            () = &mut stop => break,
            Some(_) = in_hand.join_next() => while in_hand.try_join_next().is_some() {},
            () = core.outbox.wake.notified(), if has_room => pause = SOON,
            () = tokio::time::sleep(pause.min(longest)) => pause = (pause * 4).min(longest),
        }
    }
    hands.take_no_more();
    while in_hand.join_next().await.is_some() {}
    drop(hands);
    while recording.join_next().await.is_some() {}
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
