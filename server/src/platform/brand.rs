//! The brand as this server knows it. It is kept in memory, for every page and message needs it, and read again once a
//! second at most.

use app::brand::types::Look;
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};

/// The brand as this server knows it.
pub struct Brand {
    default: Arc<str>,
    now: RwLock<Arc<Look>>,
    read_at: AtomicI64,
}

impl Brand {
    /// A brand of which only the name is known, which is what it is called where no other name is set.
    pub fn named(default: &str) -> Self {
        let now = RwLock::new(Arc::new(Look::named(default)));
        Self { default: default.into(), now, read_at: AtomicI64::new(i64::MIN) }
    }

    /// What it is called where no other name is set.
    pub fn default_name(&self) -> &str {
        &self.default
    }

    /// What it is called.
    pub fn name(&self) -> String {
        self.look().name.clone()
    }

    /// All that people see of it.
    pub fn look(&self) -> Arc<Look> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes what was read.
    pub fn set(&self, look: Look) {
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(look);
    }

    /// Whether it has to be read again, which one of those who ask within a second has to do.
    pub fn is_due(&self, now: i64) -> bool {
        self.read_at.swap(now, Ordering::SeqCst) != now
    }
}
