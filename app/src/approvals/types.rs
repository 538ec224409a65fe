//! Approval requests as administrators see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A change that waits for a second administrator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ApprovalRequest {
    /// The request's id.
    pub id: Uuid,
    /// What would be done, as the audit log stores it.
    pub action: String,
    /// To what or whom, and more; may be empty.
    pub about: String,
    /// The address of the administrator who asks.
    pub asker: String,
    /// Whether that is the caller, who cannot approve it.
    pub own: bool,
    /// Since when it waits, UTC, `YYYY-MM-DD HH:MM`.
    pub asked: String,
    /// When it ends by itself, same format.
    pub expires: String,
}
