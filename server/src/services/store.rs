//! Queries about service providers.

use crate::{
    entity::{enrollment, fallback, secondary_auth, service_provider},
    error::Error,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Set, sea_query::ExprTrait,
};
use uuid::Uuid;

/// All providers, by title.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find().order_by_asc(service_provider::Column::Title).all(db).await?)
}

/// The provider with a title.
pub async fn by_title(db: &impl ConnectionTrait, title: &str) -> Result<Option<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find().filter(service_provider::Column::Title.eq(title)).one(db).await?)
}

/// Stores a new provider.
pub async fn insert(db: &impl ConnectionTrait, model: service_provider::Model) -> Result<(), Error> {
    service_provider::ActiveModel::from(model).reset_all().insert(db).await?;
    Ok(())
}

/// Changes a provider.
pub async fn update(db: &impl ConnectionTrait, model: service_provider::Model) -> Result<(), Error> {
    service_provider::ActiveModel::from(model).reset_all().update(db).await?;
    Ok(())
}

/// Allows or stops its use. Tells whether it exists.
pub async fn set_active(db: &impl ConnectionTrait, id: Uuid, active: bool) -> Result<bool, Error> {
    let change = service_provider::ActiveModel { active: Set(active), ..Default::default() };
    let done = service_provider::Entity::update_many()
        .set(change)
        .filter(service_provider::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes a provider. Tells whether it existed.
pub async fn delete(db: &impl ConnectionTrait, id: Uuid) -> Result<bool, Error> {
    Ok(service_provider::Entity::delete_by_id(id).exec(db).await?.rows_affected == 1)
}

/// A secondary auth that offers the provider, or has it stand in for another one, if there is one.
pub async fn offered_by(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<secondary_auth::Model>, Error> {
    let stands_in = fallback::Entity::find()
        .select_only()
        .column(fallback::Column::SecondaryAuthId)
        .filter(fallback::Column::ServiceId.eq(id))
        .into_query();
    let uses = secondary_auth::Column::ServiceId.eq(id).or(secondary_auth::Column::Id.in_subquery(stands_in));
    Ok(secondary_auth::Entity::find().filter(uses).one(db).await?)
}

/// How many accounts have an entry that sends through the provider.
pub async fn count_enrolled(db: &impl ConnectionTrait, id: Uuid) -> Result<u64, Error> {
    let auths: Vec<Uuid> = secondary_auth::Entity::find()
        .filter(secondary_auth::Column::ServiceId.eq(id))
        .select_only()
        .column(secondary_auth::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::AccountId)
        .distinct()
        .filter(enrollment::Column::SecondaryAuthId.is_in(auths))
        .count(db)
        .await?)
}
