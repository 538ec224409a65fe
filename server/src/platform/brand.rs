//! The brand as this server knows it. It is kept in memory, for every page and message needs it, and read again once a
//! second at most.

use app::brand::types::{Look, Picture};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};

/// The logo as messages carry it with them.
pub struct Logo {
    /// Its name and size.
    pub picture: Picture,
    /// What it is.
    pub media_type: &'static str,
    /// What stands in its file.
    pub contents: Vec<u8>,
}

impl Logo {
    /// An address that holds it, for what is looked at here and not sent.
    pub fn address(&self) -> String {
        format!("data:{};base64,{}", self.media_type, STANDARD.encode(&self.contents))
    }
}

/// The brand as this server knows it.
pub struct Brand {
    default: Arc<str>,
    now: RwLock<Arc<Look>>,
    logo: RwLock<Option<Arc<Logo>>>,
    read_at: AtomicI64,
}

impl Brand {
    /// A brand of which only the name is known, which is what it is called where no other name is set.
    pub fn named(default: &str) -> Self {
        let now = RwLock::new(Arc::new(Look::named(default)));
        Self { default: default.into(), now, logo: RwLock::default(), read_at: AtomicI64::new(i64::MIN) }
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

    /// The logo of messages, where there is one.
    pub fn logo(&self) -> Option<Arc<Logo>> {
        self.logo.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes the logo of messages.
    pub fn set_logo(&self, logo: Option<Logo>) {
        *self.logo.write().unwrap_or_else(PoisonError::into_inner) = logo.map(Arc::new);
    }

    /// Whether it has to be read again, which one of those who ask within a second has to do.
    pub fn is_due(&self, now: i64) -> bool {
        self.read_at.swap(now, Ordering::SeqCst) != now
    }
}
