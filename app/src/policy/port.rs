//! What the server does for policies.

use super::types::ServicesManager;
use crate::{caller::Session, error::AppError, login::types::Audience};
use async_trait::async_trait;

/// Policies. Callers are administrators.
#[async_trait]
pub trait PolicyPort: Send + Sync {
    /// The policies and what they rest on.
    async fn overview(&self) -> Result<ServicesManager, AppError>;
    /// Allows two-factor authentication for an audience, or stops it; entries are kept.
    ///
    /// # Errors
    /// `RequiredForAdmins` while it is required of administrators.
    async fn set_allowed(&self, admin: &Session, audience: Audience, allowed: bool) -> Result<(), AppError>;
}
