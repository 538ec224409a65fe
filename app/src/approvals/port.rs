//! What the server does for approval requests.

use super::types::ApprovalRequest;
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;
use uuid::Uuid;

/// Approval requests. Callers are administrators.
#[async_trait]
pub trait ApprovalsPort: Send + Sync {
    /// Those that wait, the newest first.
    async fn list(&self, admin: &Session) -> Result<Vec<ApprovalRequest>, AppError>;
    /// Makes the change exactly as it was asked for, once.
    ///
    /// # Errors
    /// `OwnRequest`; `NotFound` where it was decided or has ended; what the change itself is refused with, and then the
    /// request goes on waiting.
    async fn approve(&self, admin: &Session, id: Uuid) -> Result<(), AppError>;
    /// Ends a request without the change.
    ///
    /// # Errors
    /// `OwnRequest`, `NotFound`.
    async fn decline(&self, admin: &Session, id: Uuid) -> Result<(), AppError>;
    /// Takes one's own request back.
    ///
    /// # Errors
    /// `NotFound`, also for somebody else's.
    async fn withdraw(&self, admin: &Session, id: Uuid) -> Result<(), AppError>;
}
