//! What the server does for the audit log.

use super::types::{AuditList, AuditQuery};
use crate::error::AppError;
use async_trait::async_trait;

/// The audit log. Callers are administrators; nothing here changes an event.
#[async_trait]
pub trait AuditPort: Send + Sync {
    /// A page of the log.
    ///
    /// # Errors
    /// `Invalid` by field for a filter that cannot be read.
    async fn list(&self, query: &AuditQuery) -> Result<AuditList, AppError>;
}
