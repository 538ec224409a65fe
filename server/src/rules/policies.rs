//! Two-factor authentication of each audience: whether it is allowed, and the channels it may not use.

use crate::{
    entity::{account, policy},
    error::Error,
};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, QuerySelect, sea_query::OnConflict};
use uuid::Uuid;

/// Whether an audience may use two-factor authentication; not before an administrator says so.
pub async fn is_allowed(db: &impl ConnectionTrait, audience: Audience) -> Result<bool, Error> {
    Ok(policy::Entity::find_by_id(audience.as_str()).one(db).await?.is_some_and(|policy| policy.allowed))
}

/// Allows two-factor authentication for an audience, or stops it.
pub async fn set_allowed(db: &impl ConnectionTrait, audience: Audience, allowed: bool) -> Result<(), Error> {
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed, forbidden: String::new() };
    put(db, model, policy::Column::Allowed).await
}

/// The kinds that an audience may not use.
pub async fn forbidden(db: &impl ConnectionTrait, audience: Audience) -> Result<Vec<Channel>, Error> {
    let policy = policy::Entity::find_by_id(audience.as_str()).one(db).await?;
    Ok(policy.map(|policy| kinds_in(&policy.forbidden)).unwrap_or_default())
}

/// The kinds that an account may not use, by its audience.
pub async fn forbidden_to(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Channel>, Error> {
    let audience = account::Entity::find_by_id(account)
        .select_only()
        .column(account::Column::Audience)
        .into_tuple::<String>()
        .one(db)
        .await?;
    match audience.and_then(|audience| audience.parse().ok()) {
        Some(audience) => forbidden(db, audience).await,
        None => Ok(Vec::new()),
    }
}

/// Stores the kinds that an audience may not use.
pub async fn set_forbidden(db: &impl ConnectionTrait, audience: Audience, kinds: &[Channel]) -> Result<(), Error> {
    let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let forbidden = names.join(",");
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed: false, forbidden };
    put(db, model, policy::Column::Forbidden).await
}

fn kinds_in(names: &str) -> Vec<Channel> {
    names.split(',').filter_map(|name| name.parse().ok()).collect()
}

/// Stores one column of a policy.
async fn put(db: &impl ConnectionTrait, model: policy::Model, column: policy::Column) -> Result<(), Error> {
    policy::Entity::insert(policy::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(policy::Column::Audience).update_column(column).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
