//! What the server does for accounts.

use super::types::Me;
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;

/// Accounts and the first administrator.
#[async_trait]
pub trait AccountPort: Send + Sync {
    /// The signed-in person's own account.
    async fn me(&self, session: &Session) -> Result<Me, AppError>;
    /// Whether this set-up link can still be used.
    ///
    /// # Errors
    /// `LinkDead` when it was used or never existed.
    async fn check_set_up_link(&self, token: &str) -> Result<(), AppError>;
    /// Creates the first administrator; the link dies with it.
    ///
    /// # Errors
    /// `Invalid` by field, `LinkDead`.
    async fn set_up(&self, token: &str, name: &str, email: &str, password: &str) -> Result<(), AppError>;
}
