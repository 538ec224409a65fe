//! The only caller of now(). Everything else asks a [`Clock`], so that tests move it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

/// Seconds by which the clocks of several servers may differ. What began later than this after now began while a clock
/// was wrong: it counts neither as alive nor as a pause.
pub const SKEW: i64 = 60;

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
    text(seconds, "%Y-%m-%d %H:%M")
}

/// Unix seconds as `YYYY-MM-DD HH:MM:SS`, UTC.
pub fn second_text(seconds: i64) -> String {
    text(seconds, "%Y-%m-%d %H:%M:%S")
}

/// Unix seconds as `YYYY-MM-DD`, UTC.
pub fn day_text(seconds: i64) -> String {
    text(seconds, "%Y-%m-%d")
}

/// The first second of a day written as `YYYY-MM-DD`, UTC.
pub fn start_of_day(text: &str) -> Option<i64> {
    let midnight = text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_second())
}

fn text(seconds: i64, form: &str) -> String {
    jiff::Timestamp::from_second(seconds).map(|time| time.strftime(form).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(start_of_day("2026-01-01"), Some(1_767_225_600));
        assert_eq!(day_text(1_767_225_600 + 86_399), "2026-01-01");
        assert_eq!(second_text(1_767_225_600 + 86_399), "2026-01-01 23:59:59");
        for bad in ["", "2026-02-30", "01.02.2026", "yesterday"] {
            assert_eq!(start_of_day(bad), None, "{bad}");
        }
    }
}
