//! Secondary auths that were deleted in the last day. They stand in a table of their own, so that nothing that asks for
//! what is offered finds them (decision 28).

use crate::{
    entity::{deleted_secondary_auth, secondary_auth, stored::Stored},
    error::Error,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use deleted_secondary_auth::Model;

/// How long what was deleted can be brought back, in seconds.
pub const KEPT: i64 = 86_400;

/// Keeps one that is about to be deleted.
pub async fn keep(
    db: &impl ConnectionTrait,
    auth: secondary_auth::Model,
    fallbacks: Vec<Uuid>,
    by: &str,
    now: i64,
) -> Result<(), Error> {
    let secondary_auth::Model { id, service_id, title, created_at } = auth;
    let fallbacks = Stored(fallbacks);
    let row = Model { id, service_id, title, created_at, fallbacks, deleted_at: now, deleted_by: by.to_owned() };
    let row = deleted_secondary_auth::ActiveModel::from(row).reset_all();
    deleted_secondary_auth::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Those that can be brought back, the last deleted one first.
pub async fn all(db: &impl ConnectionTrait, now: i64) -> Result<Vec<Model>, Error> {
    Ok(deleted_secondary_auth::Entity::find()
        .filter(deleted_secondary_auth::Column::DeletedAt.gt(now - KEPT))
        .order_by_desc(deleted_secondary_auth::Column::DeletedAt)
        .order_by_desc(deleted_secondary_auth::Column::Id)
        .all(db)
        .await?)
}

/// One of them.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<Option<Model>, Error> {
    Ok(deleted_secondary_auth::Entity::find_by_id(id)
        .filter(deleted_secondary_auth::Column::DeletedAt.gt(now - KEPT))
        .one(db)
        .await?)
}

/// One of them that needs a provider to come back.
pub async fn of_provider(db: &impl ConnectionTrait, provider: Uuid, now: i64) -> Result<Option<Model>, Error> {
    Ok(deleted_secondary_auth::Entity::find()
        .filter(deleted_secondary_auth::Column::ServiceId.eq(provider))
        .filter(deleted_secondary_auth::Column::DeletedAt.gt(now - KEPT))
        .one(db)
        .await?)
}

/// Forgets one that is back.
pub async fn forget(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    deleted_secondary_auth::Entity::delete_by_id(id).exec(db).await?;
    Ok(())
}

/// Removes those for good whose day is over.
pub async fn remove_older(db: &impl ConnectionTrait, now: i64) -> Result<(), Error> {
    let over = deleted_secondary_auth::Column::DeletedAt.lte(now - KEPT);
    deleted_secondary_auth::Entity::delete_many().filter(over).exec(db).await?;
    Ok(())
}
