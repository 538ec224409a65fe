//! Connections that are kept for the next message: without a new handshake and sign-in it leaves sooner.

use super::conversation::Conversation;
use crate::providers::SmtpSettings;
use sha2::{Digest, Sha256};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// How many idle connections are kept for one server: as many as a full outbox uses at a time, and no more, because some
/// servers allow few from one address.
const MOST: usize = 4;

/// What connections are kept for: the same server, signed in in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u8; 32]);

impl Key {
    /// Of settings and password. It is no secret itself.
    pub fn of(via: &SmtpSettings, password: Option<&str>) -> Self {
        Self(Sha256::digest(format!("{via:?}\0{}", password.unwrap_or_default())).into())
    }
}

struct Kept {
    key: Key,
    conversation: Conversation,
    until: Instant,
}

/// The connections that nothing is sent on at the moment.
pub struct Pool {
    kept: Arc<Mutex<Vec<Kept>>>,
    /// How long they are kept.
    idle: Duration,
}

impl Pool {
    /// Keeps connections for a time.
    pub fn new(idle: Duration) -> Self {
        Self { kept: Arc::default(), idle }
    }

    /// A connection on which the server has said nothing since, such as that it closes it.
    pub async fn take(&self, key: Key) -> Option<Conversation> {
        loop {
            let mut conversation = {
                let mut kept = lock(&self.kept);
                let newest = kept.iter().rposition(|kept| kept.key == key)?;
                kept.swap_remove(newest).conversation
            };
            if conversation.is_quiet().await {
                return Some(conversation);
            }
        }
    }

    /// Keeps a connection that is ready for another message, and says goodbye when its time is over.
    pub async fn keep(&self, key: Key, conversation: Conversation) {
        let full = lock(&self.kept).iter().filter(|kept| kept.key == key).count() >= MOST;
        if full {
            conversation.end().await;
            return;
        }
        let until = Instant::now() + self.idle;
        lock(&self.kept).push(Kept { key, conversation, until });
        let (kept, idle) = (self.kept.clone(), self.idle);
        tokio::spawn(async move {
            sleep(idle).await;
            let now = Instant::now();
            let over: Vec<_> = lock(&kept).extract_if(.., |kept| kept.until <= now).collect();
            for kept in over {
                kept.conversation.end().await;
            }
        });
    }
}

fn lock(kept: &Mutex<Vec<Kept>>) -> MutexGuard<'_, Vec<Kept>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
