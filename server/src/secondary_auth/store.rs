//! Queries about secondary auths.

use crate::entity::{enrollment, secondary_auth, service_provider};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A secondary auth with its provider.
pub struct Offered {
    /// The secondary auth.
    pub auth: secondary_auth::Model,
    /// Its provider.
    pub service: service_provider::Model,
}

/// All secondary auths with their providers, by title.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Offered>, DbErr> {
    let services = service_provider::Entity::find().all(db).await?;
    let services: HashMap<Uuid, _> = services.into_iter().map(|service| (service.id, service)).collect();
    let auths = secondary_auth::Entity::find().order_by_asc(secondary_auth::Column::Title).all(db).await?;
    let with_service =
        |auth: secondary_auth::Model| services.get(&auth.service_id).cloned().map(|service| Offered { auth, service });
    Ok(auths.into_iter().filter_map(with_service).collect())
}

/// One secondary auth.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<secondary_auth::Model>, DbErr> {
    secondary_auth::Entity::find_by_id(id).one(db).await
}

/// The secondary auth with a title.
pub async fn by_title(db: &impl ConnectionTrait, title: &str) -> Result<Option<secondary_auth::Model>, DbErr> {
    secondary_auth::Entity::find().filter(secondary_auth::Column::Title.eq(title)).one(db).await
}

/// Stores a new one.
pub async fn insert(db: &impl ConnectionTrait, model: secondary_auth::Model) -> Result<(), DbErr> {
    secondary_auth::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// Changes one.
pub async fn update(db: &impl ConnectionTrait, model: secondary_auth::Model) -> Result<(), DbErr> {
    secondary_auth::ActiveModel::from(model).reset_all().update(db).await.map(|_| ())
}

/// Removes one, and with it its entries. Tells whether it existed.
pub async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    Ok(secondary_auth::Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// How many entries it has.
pub async fn count_enrolled(db: &impl ConnectionTrait, id: Uuid) -> Result<u32, DbErr> {
    let count = enrollment::Entity::find().filter(enrollment::Column::SecondaryAuthId.eq(id)).count(db).await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}
