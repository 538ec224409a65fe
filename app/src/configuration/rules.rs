//! The values of all settings at one moment.

use super::types::{Setting, Unit};
use std::{collections::HashMap, sync::Arc};

/// The values of all settings at one moment: those of a request are read once, with its session, and handed on.
#[derive(Clone, Debug, Default)]
pub struct Rules(Arc<HashMap<Setting, u32>>);

impl FromIterator<(Setting, u32)> for Rules {
    fn from_iter<I: IntoIterator<Item = (Setting, u32)>>(changed: I) -> Self {
        Self(Arc::new(changed.into_iter().collect()))
    }
}

impl Rules {
    /// The value of a setting, in its own unit. What is stored out of bounds is brought back into them.
    pub fn get(&self, setting: Setting) -> u32 {
        let (min, max) = setting.bounds();
        self.0.get(&setting).copied().unwrap_or(setting.default()).clamp(min, max)
    }

    /// The value of a number, as counters have it.
    pub fn count(&self, setting: Setting) -> i32 {
        i32::try_from(self.get(setting)).unwrap_or(i32::MAX)
    }

    /// Whether a toggle is ON.
    pub fn is_on(&self, setting: Setting) -> bool {
        self.get(setting) != 0
    }

    /// The value of a time, in seconds.
    pub fn seconds(&self, setting: Setting) -> i64 {
        let unit = match setting.unit() {
            Unit::Toggle | Unit::Number | Unit::Seconds => 1,
            Unit::Minutes => 60,
            Unit::Hours => 3_600,
            Unit::Days => 86_400,
        };
        i64::from(self.get(setting)) * unit
    }
}
