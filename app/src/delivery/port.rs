//! What the server does for the list of deliveries.

use super::types::{DeliveryList, DeliveryQuery};
use crate::error::AppError;
use async_trait::async_trait;

/// The messages of the outbox. Callers are administrators; nothing here sends or changes one.
#[async_trait]
pub trait DeliveryPort: Send + Sync {
    /// A page of the list.
    async fn list(&self, query: &DeliveryQuery) -> Result<DeliveryList, AppError>;
}
