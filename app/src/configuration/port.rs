//! What the server does for settings.

use super::types::{Configuration, Setting, SettingValue};
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;

/// Named system settings. Callers are administrators.
#[async_trait]
pub trait ConfigurationPort: Send + Sync {
    /// All settings, and how ready the administrators are for the requirement.
    async fn list(&self, admin: &Session) -> Result<Configuration, AppError>;
    /// Stores a value.
    ///
    /// # Errors
    /// `Invalid` with the field `value`; `CannotBeRequired` where the requirement would lock administrators out.
    async fn save(&self, admin: &Session, setting: Setting, value: &str) -> Result<SettingValue, AppError>;
}
