//! Queries about service providers.

use crate::{
    entity::{delivery_attempt, enrollment, fallback, secondary_auth, service_provider},
    error::Error,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, Set,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;
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
    service_provider::Entity::insert(service_provider::ActiveModel::from(model).reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Changes a provider.
pub async fn update(db: &impl ConnectionTrait, model: service_provider::Model) -> Result<(), Error> {
    let id = model.id;
    let change = service_provider::ActiveModel::from(model).reset_all();
    service_provider::Entity::update_many().set(change).filter(service_provider::Column::Id.eq(id)).exec(db).await?;
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
    Ok(using(id).one(db).await?)
}

/// The secondary auths that send through a provider, or have it stand in for another one, by title.
pub async fn uses(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<secondary_auth::Model>, Error> {
    Ok(using(id).order_by_asc(secondary_auth::Column::Title).all(db).await?)
}

fn using(id: Uuid) -> Select<secondary_auth::Entity> {
    let stands_in = fallback::Entity::find()
        .select_only()
        .column(fallback::Column::SecondaryAuthId)
        .filter(fallback::Column::ServiceId.eq(id))
        .into_query();
    let uses = secondary_auth::Column::ServiceId.eq(id).or(secondary_auth::Column::Id.in_subquery(stands_in));
    secondary_auth::Entity::find().filter(uses)
}

/// How many accounts have set up each secondary auth.
pub async fn people_by_auth(
    db: &impl ConnectionTrait,
    auths: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, i64>, Error> {
    let counts: Vec<(Uuid, i64)> = enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::SecondaryAuthId)
        .column_as(Expr::col(enrollment::Column::AccountId).count_distinct(), "people")
        .filter(enrollment::Column::SecondaryAuthId.is_in(auths))
        .group_by(enrollment::Column::SecondaryAuthId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}

/// How many attempts of a provider ended in each slot of so many seconds, counted from a time on: those that failed, or
/// the others.
pub async fn attempts_by_slot(
    db: &impl ConnectionTrait,
    id: Uuid,
    from: i64,
    seconds: i64,
    failed: bool,
) -> Result<HashMap<i64, i64>, Error> {
    let failure = delivery_attempt::Column::Failure;
    // Written out: PostgreSQL sees no sameness between expressions with parameters.
    let slot = Expr::cust(format!("(ended_at - {from}) / {seconds}"));
    let counts: Vec<(i64, i64)> = attempts(id, from)
        .filter(if failed { failure.is_not_null() } else { failure.is_null() })
        .select_only()
        .column_as(slot.clone(), "slot")
        .column_as(Expr::col(delivery_attempt::Column::Id).count(), "attempts")
        .group_by(slot)
        .into_tuple()
        .all(db)
        .await?;
    Ok(counts.into_iter().collect())
}

/// The attempts of a provider that took longest since a time, at most so many.
pub async fn slowest_attempts(
    db: &impl ConnectionTrait,
    id: Uuid,
    from: i64,
    most: u64,
) -> Result<Vec<delivery_attempt::Model>, Error> {
    Ok(attempts(id, from)
        .order_by_desc(Expr::cust("ended_at - began_at"))
        .order_by_desc(delivery_attempt::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

fn attempts(id: Uuid, from: i64) -> Select<delivery_attempt::Entity> {
    delivery_attempt::Entity::find()
        .filter(delivery_attempt::Column::ServiceId.eq(id))
        .filter(delivery_attempt::Column::EndedAt.gte(from))
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
