//! What the server does for a new password.

use super::types::ResetLink;
use crate::{
    caller::{Origin, Token},
    error::AppError,
    login::types::Audience,
};
use async_trait::async_trait;

/// What a new password leads to.
pub struct PasswordSet {
    /// The audience of its account.
    pub audience: Audience,
    /// By what this browser is known from now on.
    pub known: Token,
}

/// A new password for someone who forgot the old one.
#[async_trait]
pub trait PasswordPort: Send + Sync {
    /// Sends a link for a new password, if there is such an account. The answer is the same if not.
    ///
    /// # Errors
    /// `Invalid` for what is no address, `TooManyMessages`.
    async fn ask_reset(&self, origin: &Origin, audience: Audience, email: &str) -> Result<(), AppError>;
    /// What a link allows; it lives on.
    ///
    /// # Errors
    /// `LinkDead`.
    async fn reset_link(&self, token: &str) -> Result<ResetLink, AppError>;
    /// Gives the account a new password and ends its sessions and trusted devices. The link dies with it. Who read its
    /// mail is no stranger: the browser is known from then on, so that strangers do not keep it out at once.
    ///
    /// # Errors
    /// `Invalid` by field, `LinkDead`, `Busy`.
    async fn set_password(&self, origin: &Origin, token: &str, password: &str) -> Result<PasswordSet, AppError>;
}
