//! What the server does for registration.

use super::types::RegistrationLink;
use crate::{caller::Origin, error::AppError};
use async_trait::async_trait;

/// Registration of customers. While it is off, every method answers `NotFound`.
#[async_trait]
pub trait RegistrationPort: Send + Sync {
    /// Whether customers may register.
    async fn is_open(&self) -> Result<bool, AppError>;
    /// Sends a link to the address, or a message that it has an account already. The answer is the same.
    ///
    /// # Errors
    /// `Invalid` by field, `TooManyMessages`.
    async fn register(&self, origin: &Origin, name: &str, email: &str) -> Result<(), AppError>;
    /// What a link allows; it lives on.
    ///
    /// # Errors
    /// `LinkDead`.
    async fn link(&self, token: &str) -> Result<RegistrationLink, AppError>;
    /// Creates the account. The link dies with it.
    ///
    /// # Errors
    /// `Invalid` by field, `LinkDead`, `Busy`.
    async fn finish(&self, origin: &Origin, token: &str, password: &str) -> Result<(), AppError>;
}
