//! What the server does for the sessions of the caller's own account.

use super::types::SessionRow;
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;
use uuid::Uuid;

/// The sessions of the signed-in account.
#[async_trait]
pub trait SessionsPort: Send + Sync {
    /// The sessions, the last used one first.
    async fn list(&self, session: &Session) -> Result<Vec<SessionRow>, AppError>;
    /// Ends one session of the account.
    ///
    /// # Errors
    /// `NotFound` where the account has no such session.
    async fn end(&self, session: &Session, id: Uuid) -> Result<(), AppError>;
    /// Ends all sessions of the account except the current one.
    async fn end_others(&self, session: &Session) -> Result<(), AppError>;
}
