//! What the server does for policies.

use super::types::{Concerned, ServicesManager};
use crate::{caller::Session, error::AppError, login::types::Audience, services::types::Channel};
use async_trait::async_trait;

/// Policies. Callers are administrators.
#[async_trait]
pub trait PolicyPort: Send + Sync {
    /// The policies and what they rest on.
    async fn overview(&self) -> Result<ServicesManager, AppError>;
    /// How many accounts would lose their second factor if an audience were not allowed one any more.
    ///
    /// # Errors
    /// `RequiredForAdmins` while it is required of administrators.
    async fn check_disallow(&self, audience: Audience) -> Result<u32, AppError>;
    /// Allows two-factor authentication for an audience, or stops it; entries are kept.
    ///
    /// # Errors
    /// `RequiredForAdmins` while it is required of administrators.
    async fn set_allowed(&self, admin: &Session, audience: Audience, allowed: bool) -> Result<(), AppError>;
    /// Whom it would concern if an audience could not use a channel any more.
    ///
    /// # Errors
    /// `RequiredForAdmins` where it would lock administrators out.
    async fn check_forbid(&self, audience: Audience, channel: Channel) -> Result<Concerned, AppError>;
    /// Forbids a channel to an audience, or permits it again; entries are kept.
    ///
    /// # Errors
    /// `RequiredForAdmins` where it would lock administrators out.
    async fn set_forbidden(
        &self,
        admin: &Session,
        audience: Audience,
        channel: Channel,
        forbidden: bool,
    ) -> Result<(), AppError>;
}
