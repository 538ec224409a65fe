//! Queries about secondary auths.

use crate::{
    entity::{enrollment, fallback, secondary_auth, service_provider},
    error::Error,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// The secondary auth with a title.
pub async fn by_title(db: &impl ConnectionTrait, title: &str) -> Result<Option<secondary_auth::Model>, Error> {
    Ok(secondary_auth::Entity::find().filter(secondary_auth::Column::Title.eq(title)).one(db).await?)
}

/// Stores a new one.
pub async fn insert(db: &impl ConnectionTrait, model: secondary_auth::Model) -> Result<(), Error> {
    secondary_auth::Entity::insert(secondary_auth::ActiveModel::from(model).reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Changes one.
pub async fn update(db: &impl ConnectionTrait, model: secondary_auth::Model) -> Result<(), Error> {
    let id = model.id;
    let change = secondary_auth::ActiveModel::from(model).reset_all();
    secondary_auth::Entity::update_many().set(change).filter(secondary_auth::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// One that is about to be removed: nobody adds an entry for it meanwhile. SQLite needs no such lock.
pub async fn lock(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<secondary_auth::Model>, Error> {
    Ok(secondary_auth::Entity::find_by_id(id).lock_exclusive().one(db).await?)
}

/// Removes one, and with it its entries. Tells whether it existed.
pub async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    Ok(secondary_auth::Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// How many entries it has.
pub async fn count_enrolled(db: &impl ConnectionTrait, id: Uuid) -> Result<u32, Error> {
    let count = enrollment::Entity::find().filter(enrollment::Column::SecondaryAuthId.eq(id)).count(db).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Sets the providers that stand in for its own, in their order.
pub async fn set_fallbacks(
    db: &impl ConnectionTrait,
    id: Uuid,
    chain: &[service_provider::Model],
) -> Result<(), Error> {
    fallback::Entity::delete_many().filter(fallback::Column::SecondaryAuthId.eq(id)).exec(db).await?;
    for (position, provider) in (0..).zip(chain) {
        let row = fallback::Model { secondary_auth_id: id, position, service_id: provider.id };
        fallback::Entity::insert(fallback::ActiveModel::from(row).reset_all()).exec_without_returning(db).await?;
    }
    Ok(())
}
