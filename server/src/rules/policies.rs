//! Two-factor authentication of each audience: whether it is allowed, and the channels it may not use.

use crate::{
    entity::{policy, stored::Stored},
    error::Error,
};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, SimpleExpr},
};

/// Whether an audience may use two-factor authentication; not before an administrator says so.
pub async fn is_allowed(db: &impl ConnectionTrait, audience: Audience) -> Result<bool, Error> {
    Ok(policy::Entity::find_by_id(Stored(audience)).one(db).await?.is_some_and(|policy| policy.allowed))
}

/// The same of the audience that a column names, as a column beside what else a statement reads.
pub fn allows(audience: impl ColumnTrait) -> SimpleExpr {
    let policy = policy::Entity::find()
        .select_only()
        .column(policy::Column::Allowed)
        .filter(Expr::col(policy::Column::Audience.as_column_ref()).equals(audience.as_column_ref()))
        .filter(policy::Column::Allowed.eq(true))
        .into_query();
    Expr::exists(policy)
}

/// Allows two-factor authentication for an audience, or stops it.
pub async fn set_allowed(db: &impl ConnectionTrait, audience: Audience, allowed: bool) -> Result<(), Error> {
    let model = policy::Model { audience: Stored(audience), allowed, forbidden: Stored(Vec::new()) };
    put(db, model, policy::Column::Allowed).await
}

/// The channels that an audience may not use.
pub async fn forbidden(db: &impl ConnectionTrait, audience: Audience) -> Result<Vec<Channel>, Error> {
    let policy = policy::Entity::find_by_id(Stored(audience)).one(db).await?;
    Ok(policy.map(|policy| policy.forbidden.0).unwrap_or_default())
}

/// Stores the channels that an audience may not use.
pub async fn set_forbidden(db: &impl ConnectionTrait, audience: Audience, channels: &[Channel]) -> Result<(), Error> {
    let model = policy::Model { audience: Stored(audience), allowed: false, forbidden: Stored(channels.to_vec()) };
    put(db, model, policy::Column::Forbidden).await
}

/// Stores one column of a policy.
async fn put(db: &impl ConnectionTrait, model: policy::Model, column: policy::Column) -> Result<(), Error> {
    policy::Entity::insert(policy::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(policy::Column::Audience).update_column(column).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
