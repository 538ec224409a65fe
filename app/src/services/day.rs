//! What a provider did in the last day, and whom it serves.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a provider did in the last 24 hours, and whom it serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderDay {
    /// Hour by hour, the oldest first.
    pub hours: Vec<Hour>,
    /// The attempts that took longest.
    pub slowest: Vec<SlowAttempt>,
    /// What offers it.
    pub used_by: Vec<Use>,
}

/// An hour of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    /// When it began: UTC, `YYYY-MM-DD HH:MM`.
    pub time: String,
    /// Attempts that ended with the message being taken.
    pub accepted: u32,
    /// Attempts that failed.
    pub failed: u32,
}

/// An attempt that took long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowAttempt {
    /// When it ended: UTC, `YYYY-MM-DD HH:MM:SS`.
    pub time: String,
    /// How long it took.
    pub seconds: u32,
    /// Whether the message was taken.
    pub accepted: bool,
}

/// A secondary auth that sends through a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Its id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Whether the provider only stands in for another one.
    pub fallback: bool,
    /// How many people have set it up.
    pub people: u32,
}

impl ProviderDay {
    /// How many attempts ended well, and how many did not.
    pub fn sums(&self) -> (u32, u32) {
        let sum = |of: fn(&Hour) -> u32| self.hours.iter().map(of).fold(0, u32::saturating_add);
        (sum(|hour| hour.accepted), sum(|hour| hour.failed))
    }
}
