//! The hands of the worker: how many messages are taken, which of them are being sent, and how they are recorded.

use super::{
    attempt::hold,
    service::{Ended, hand_over, record_all},
    store,
};
use crate::{core::Core, entity::delivery};
use std::{
    mem,
    pin::pin,
    slice,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    sync::{Semaphore, mpsc},
    time::timeout,
};

/// How many messages are sent side by side, so that one slow mail server does not hold up all.
pub const HANDS: usize = 4;
/// How many are taken and recorded together at most, because each time costs a write to the disk. Those that no hand is
/// free for are kept in this server's possession meanwhile.
const AHEAD: usize = 32;
/// How many are taken at most. One that is slow does not count among the hands: a mail server may be waited for for minutes.
const MOST: usize = 64;
/// Within this time the messages that are taken together should have begun, by how long the last one took: what waits
/// here, no other server can send.
const SOON: Duration = Duration::from_secs(1);

/// What the messages in hand share.
pub struct Hands {
    core: Arc<Core>,
    places: Semaphore,
    slow: AtomicUsize,
    /// Microseconds that the last message took.
    pace: AtomicU64,
    ended: mpsc::Sender<Ended>,
}

impl Hands {
    /// Free hands, and where the attempts arrive that have ended.
    pub fn new(core: Arc<Core>) -> (Arc<Self>, mpsc::Receiver<Ended>) {
        let (ended, arriving) = mpsc::channel(AHEAD);
        let pace = AtomicU64::new(micros(SOON));
        let hands = Self { core, places: Semaphore::new(HANDS), slow: AtomicUsize::new(0), pace, ended };
        (Arc::new(hands), arriving)
    }

    /// How many more messages may be taken, where there are so many.
    pub fn room(&self, in_hand: usize) -> usize {
        let together = HANDS as u64 * micros(SOON) / self.pace.load(Ordering::Relaxed).max(1);
        let ahead = usize::try_from(together).unwrap_or(AHEAD).clamp(HANDS, AHEAD);
        let counted = in_hand.saturating_sub(self.slow.load(Ordering::SeqCst));
        // Not one by one, while there is enough for the hands.
        if counted >= HANDS && counted > ahead / 2 {
            return 0;
        }
        ahead.saturating_sub(counted).min(MOST.saturating_sub(in_hand))
    }

    /// Sends a message as soon as a hand is free. Until then it stays in this server's possession.
    pub async fn carry(self: Arc<Self>, message: delivery::Model) {
        let core = &self.core;
        let Ok(place) = hold(core, &message, self.places.acquire()).await else {
            if let Err(error) = store::give_back(&core.db, &message).await {
                tracing::warn!(delivery = %message.id, %error, "a message that was not sent could not be given back");
            }
            return;
        };
        let began = Instant::now();
        let mut sending = pin!(hand_over(core, message));
        let sent = match timeout(core.outbox.slow, &mut sending).await {
            Ok(sent) => sent,
            Err(_) => {
                drop(place);
                self.slow.fetch_add(1, Ordering::SeqCst);
                let sent = sending.await;
                self.slow.fetch_sub(1, Ordering::SeqCst);
                sent
            }
        };
        self.pace.store(micros(began.elapsed()), Ordering::Relaxed);
        // What could not be read or recorded is in hand until its lease runs out.
        if let Ok(Some(ended)) = sent {
            let _ = self.ended.send(ended).await;
        }
    }

    /// Lets what is being sent end, and gives back what has not begun.
    pub fn take_no_more(&self) {
        self.places.close();
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Records the attempts that have ended, all that are there at a time together.
pub async fn record(core: Arc<Core>, mut arriving: mpsc::Receiver<Ended>) {
    let mut ended = Vec::new();
    while arriving.recv_many(&mut ended, AHEAD).await > 0 {
        let together = mem::take(&mut ended);
        if record_all(&core, &together).await.is_ok() {
            continue;
        }
        // One that cannot be recorded is sent again; the others should not be.
        for one in &together {
            if record_all(&core, slice::from_ref(one)).await.is_err() {
                tracing::warn!("how a message went could not be recorded; it is sent again when its lease runs out");
            }
        }
    }
}
