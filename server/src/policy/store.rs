//! Queries about policies.

use crate::entity::{account, enrollment, policy, secondary_auth, service_provider};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// Whether an audience may use two-factor authentication; not before an administrator says so.
pub async fn is_allowed(db: &impl ConnectionTrait, audience: Audience) -> Result<bool, DbErr> {
    Ok(policy::Entity::find_by_id(audience.as_str()).one(db).await?.is_some_and(|policy| policy.allowed))
}

/// Stores the policy of an audience.
pub async fn set_allowed(db: &impl ConnectionTrait, audience: Audience, allowed: bool) -> Result<(), DbErr> {
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed };
    policy::Entity::insert(policy::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(policy::Column::Audience).update_column(policy::Column::Allowed).to_owned())
        .exec_without_returning(db)
        .await
        .map(|_| ())
}

/// How many accounts of an audience have an entry.
pub async fn count_enrolled(db: &impl ConnectionTrait, audience: Audience) -> Result<u64, DbErr> {
    let enrolled = enrollment::Entity::find().select_only().column(enrollment::Column::AccountId).into_query();
    account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(account::Column::Id.in_subquery(enrolled))
        .count(db)
        .await
}

/// How many active administrators have no entry whose provider is active, and the first of them by name.
pub async fn unready_admins(db: &impl ConnectionTrait, first: u64) -> Result<(u64, Vec<account::Model>), DbErr> {
    let services = service_provider::Entity::find()
        .select_only()
        .column(service_provider::Column::Id)
        .filter(service_provider::Column::Active.eq(true))
        .into_query();
    let auths = secondary_auth::Entity::find()
        .select_only()
        .column(secondary_auth::Column::Id)
        .filter(secondary_auth::Column::ServiceId.in_subquery(services))
        .into_query();
    let ready = enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::AccountId)
        .filter(enrollment::Column::SecondaryAuthId.in_subquery(auths))
        .into_query();
    let unready = account::Entity::find()
        .filter(account::Column::Audience.eq(Audience::Admin.as_str()))
        .filter(account::Column::DisabledAt.is_null())
        .filter(account::Column::Id.not_in_subquery(ready));
    let count = unready.clone().count(db).await?;
    let by_name = unready.order_by_asc(account::Column::NameKey).order_by_asc(account::Column::Id);
    Ok((count, by_name.limit(first).all(db).await?))
}

/// Begins the grace period of an account, unless it began before. Tells whether this call did.
pub async fn begin_grace(db: &impl ConnectionTrait, account: Uuid, ends_at: i64) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::GraceEndsAt, Expr::value(ends_at))
        .filter(account::Column::Id.eq(account))
        .filter(account::Column::GraceEndsAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends the grace period of an account for good.
pub async fn end_grace(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::GraceEndsAt, Expr::value(now))
        .filter(account::Column::Id.eq(account))
        .exec(db)
        .await
        .map(|_| ())
}
