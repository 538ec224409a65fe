//! Queries about providers that fail.

use crate::{
    entity::{
        breaker::{self, Column, Entity, Model},
        stored::Stored,
    },
    error::Error,
};
use app::error::DeliveryFailure;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

/// How a provider has failed.
pub async fn of(db: &impl ConnectionTrait, provider: Uuid) -> Result<Option<Model>, Error> {
    Ok(Entity::find_by_id(provider).one(db).await?)
}

/// The providers that are out.
pub async fn all_out(db: &impl ConnectionTrait) -> Result<Vec<Model>, Error> {
    Ok(Entity::find().filter(Column::DownSince.is_not_null()).all(db).await?)
}

/// Counts a failure. Answers what is known of the provider then.
pub async fn count_failure(
    db: &impl ConnectionTrait,
    provider: Uuid,
    failure: &DeliveryFailure,
) -> Result<Model, Error> {
    let first = breaker::ActiveModel {
        service_id: Set(provider),
        failures: Set(1),
        failure: Set(Some(Stored(failure.clone()))),
        pause: Set(0),
        ..Default::default()
    };
    let again = OnConflict::column(Column::ServiceId)
        .update_column(Column::Failure)
        .value(Column::Failures, Expr::col((Entity, Column::Failures)).add(1))
        .to_owned();
    Entity::insert(first).on_conflict(again).exec_without_returning(db).await?;
    let known = Entity::find_by_id(provider).one(db).await?;
    known.ok_or_else(|| Error::broken("a failure that was counted is not there"))
}

/// Takes a provider out. Tells whether it was in.
pub async fn take_out(db: &impl ConnectionTrait, provider: Uuid, now: i64, pause: i64) -> Result<bool, Error> {
    let change = breaker::ActiveModel {
        down_since: Set(Some(now)),
        retry_at: Set(Some(now + pause)),
        pause: Set(pause),
        ..Default::default()
    };
    update(db, change, Condition::all().add(Column::ServiceId.eq(provider)).add(Column::DownSince.is_null())).await
}

/// Takes the one try of a provider that is out, where its time has come. Tells whether it was there to be taken.
pub async fn take_trial(db: &impl ConnectionTrait, provider: Uuid, now: i64, until: i64) -> Result<bool, Error> {
    let change = breaker::ActiveModel { retry_at: Set(Some(until)), ..Default::default() };
    let due = Condition::all()
        .add(Column::ServiceId.eq(provider))
        .add(Column::DownSince.is_not_null())
        .add(Column::RetryAt.lte(now));
    update(db, change, due).await
}

/// Puts the next try off.
pub async fn put_off(db: &impl ConnectionTrait, provider: Uuid, retry_at: i64, pause: i64) -> Result<(), Error> {
    let change = breaker::ActiveModel { retry_at: Set(Some(retry_at)), pause: Set(pause), ..Default::default() };
    let out = Condition::all().add(Column::ServiceId.eq(provider)).add(Column::DownSince.is_not_null());
    update(db, change, out).await.map(|_| ())
}

/// Forgets the failures of a provider. One that has none is not written.
pub async fn take_back(db: &impl ConnectionTrait, provider: Uuid) -> Result<(), Error> {
    let change = breaker::ActiveModel {
        failures: Set(0),
        failure: Set(None),
        down_since: Set(None),
        retry_at: Set(None),
        pause: Set(0),
        ..Default::default()
    };
    let failed = Condition::all().add(Column::ServiceId.eq(provider)).add(Column::Failures.gt(0));
    update(db, change, failed).await.map(|_| ())
}

/// Notes that the administrators were told.
pub async fn note_told(db: &impl ConnectionTrait, provider: Uuid, now: i64) -> Result<(), Error> {
    let change = breaker::ActiveModel { told_at: Set(Some(now)), ..Default::default() };
    update(db, change, Condition::all().add(Column::ServiceId.eq(provider))).await.map(|_| ())
}

async fn update(db: &impl ConnectionTrait, change: breaker::ActiveModel, which: Condition) -> Result<bool, Error> {
    Ok(Entity::update_many().set(change).filter(which).exec(db).await?.rows_affected == 1)
}
