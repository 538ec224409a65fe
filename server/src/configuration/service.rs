//! The rules of settings.

use super::store;
use crate::core::{Core, failed};
use app::{
    configuration::types::{Setting, Unit},
    error::AppError,
};
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
///
/// # Errors
/// When the database fails.
pub async fn rules(core: &Core) -> Result<Rules, AppError> {
    let rows = store::all(&core.db).await.map_err(failed)?;
    let known = rows.into_iter().filter_map(|row| {
        let setting: Setting = row.key.parse().ok()?;
        Some((setting.key(), row.value.parse().ok()?))
    });
    Ok(Rules(known.collect()))
}
