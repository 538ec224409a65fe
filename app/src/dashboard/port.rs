//! What the server does for the dashboard.

use super::types::{Dashboard, Guide};
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;

/// The dashboard. Callers are administrators.
#[async_trait]
pub trait DashboardPort: Send + Sync {
    /// Everything that it shows to this administrator. Notes today's figures by the way.
    async fn overview(&self, admin: &Session) -> Result<Dashboard, AppError>;

    /// What comes next in the set-up, as long as one of its first tasks is left.
    async fn guide(&self, admin: &Session) -> Result<Option<Guide>, AppError>;
}
