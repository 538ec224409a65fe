//! Queries about audit events. None of them changes or deletes one; the database would refuse it.

use crate::entity::audit_event;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr};

/// Appends an event.
pub async fn insert(db: &impl ConnectionTrait, model: audit_event::Model) -> Result<(), DbErr> {
    audit_event::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}
