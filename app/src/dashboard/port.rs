//! What the server does for the dashboard.

use super::types::Dashboard;
use crate::{caller::Session, error::AppError};
use async_trait::async_trait;

/// The dashboard. Callers are administrators.
#[async_trait]
pub trait DashboardPort: Send + Sync {
    /// Everything that it shows to this administrator. Notes today's figures by the way.
    async fn overview(&self, admin: &Session) -> Result<Dashboard, AppError>;
}
