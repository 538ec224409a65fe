//! The settings and policies as every room reads them.

pub mod policies;
pub mod store;

use crate::{core::Core, error::Error};
use app::configuration::types::{Setting, Unit};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// The values of all settings at one moment.
#[derive(Clone, Debug, Default)]
pub struct Rules(HashMap<&'static str, u32>);

impl Rules {
    /// The value of a setting, in its own unit. What is stored out of bounds is brought back into them.
    pub fn get(&self, setting: Setting) -> u32 {
        let (min, max) = setting.bounds();
        self.0.get(setting.key()).copied().unwrap_or(setting.default()).clamp(min, max)
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

/// The settings as they are now.
pub async fn rules(core: &Core) -> Result<Rules, Error> {
    rules_in(&core.db).await
}

/// The same within a transaction.
pub async fn rules_in(db: &impl ConnectionTrait) -> Result<Rules, Error> {
    let rows = store::all(db).await?;
    let known = rows.into_iter().filter_map(|row| {
        let setting: Setting = row.key.parse().ok()?;
        Some((setting.key(), row.value.parse().ok()?))
    });
    Ok(Rules(known.collect()))
}
