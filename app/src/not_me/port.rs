//! What the server does for those who say that it was someone else.

use super::types::{Disputed, Then};
use crate::{caller::Origin, error::AppError, login::types::Audience};
use async_trait::async_trait;

/// What it came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// The audience of the account.
    pub audience: Audience,
    /// What followed.
    pub then: Then,
}

/// Saying that it was someone else. The link is the authority.
#[async_trait]
pub trait NotMePort: Send + Sync {
    /// What a link is about; it lives on.
    ///
    /// # Errors
    /// `LinkDead`; `TooManyTries` after many dead ones from one network.
    async fn link(&self, origin: &Origin, token: &str) -> Result<Disputed, AppError>;
    /// Ends the sessions, trusted devices and waiting sign-ins of the account, and its password. The link dies with it.
    ///
    /// # Errors
    /// As `link`; `Busy`.
    async fn stop(&self, origin: &Origin, token: &str) -> Result<Stopped, AppError>;
}
