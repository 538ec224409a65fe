//! The only caller of now(). Everything else asks a [`Clock`], so that tests move it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Seconds since 1970-01-01 UTC.
    fn now(&self) -> i64;
}

/// The machine's clock, for the demo moved ahead by some seconds.
pub struct SystemClock {
    /// Seconds to add.
    pub ahead: i64,
}

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX) + self.ahead
    }
}

/// A clock that only moves when told to.
#[derive(Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// Starts at a time, in Unix seconds.
    pub fn at(start: i64) -> Self {
        Self(Arc::new(AtomicI64::new(start)))
    }

    /// Lets seconds pass.
    pub fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Unix seconds as `YYYY-MM-DD HH:MM`, UTC.
pub fn minute_text(seconds: i64) -> String {
    let text = jiff::Timestamp::from_second(seconds).map(|time| time.strftime("%Y-%m-%d %H:%M").to_string());
    text.unwrap_or_default()
}
