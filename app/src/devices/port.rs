//! What the server does for the trusted devices of the caller's own account.

use super::types::Device;
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;
use uuid::Uuid;

/// The trusted devices of the signed-in account.
#[async_trait]
pub trait DevicesPort: Send + Sync {
    /// The devices, the last used one first. `token` identifies the current one.
    async fn list(&self, session: &Session, token: Option<&str>) -> Result<Vec<Device>, AppError>;
    /// Ends the trust in one device of the account.
    ///
    /// # Errors
    /// `NotFound` where the account has no such device.
    async fn revoke(&self, session: &Session, id: Uuid) -> Result<(), AppError>;
    /// Ends the trust in all devices of the account.
    async fn revoke_all(&self, session: &Session) -> Result<(), AppError>;
}
