//! Queries about audit events. None of them changes or deletes one; the database would refuse it.

use crate::entity::audit_event;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Appends an event.
pub async fn insert(db: &impl ConnectionTrait, model: audit_event::Model) -> Result<(), DbErr> {
    audit_event::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// The last events that an account did or that were done to it, newest first.
pub async fn last_of(db: &impl ConnectionTrait, account: Uuid, most: u64) -> Result<Vec<audit_event::Model>, DbErr> {
    let mut events = Vec::new();
    // One query a column, so that each reads no more than it needs from its index.
    for column in [audit_event::Column::ActorId, audit_event::Column::SubjectId] {
        let newest =
            audit_event::Entity::find().filter(column.eq(account)).order_by_desc(audit_event::Column::Id).limit(most);
        events.extend(newest.all(db).await?);
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.id));
    events.dedup_by_key(|event| event.id);
    events.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(events)
}
