//! Queries about policies.

use crate::entity::{account, enrollment, policy, secondary_auth, service_provider};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, SelectStatement},
};
use uuid::Uuid;

/// Whether an audience may use two-factor authentication; not before an administrator says so.
pub async fn is_allowed(db: &impl ConnectionTrait, audience: Audience) -> Result<bool, DbErr> {
    Ok(policy::Entity::find_by_id(audience.as_str()).one(db).await?.is_some_and(|policy| policy.allowed))
}

/// Allows two-factor authentication for an audience, or stops it.
pub async fn set_allowed(db: &impl ConnectionTrait, audience: Audience, allowed: bool) -> Result<(), DbErr> {
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed, forbidden: String::new() };
    put(db, model, policy::Column::Allowed).await
}

/// The kinds that an audience may not use.
pub async fn forbidden(db: &impl ConnectionTrait, audience: Audience) -> Result<Vec<Channel>, DbErr> {
    let policy = policy::Entity::find_by_id(audience.as_str()).one(db).await?;
    Ok(policy.map(|policy| kinds_in(&policy.forbidden)).unwrap_or_default())
}

/// The kinds that an account may not use, by its audience.
pub async fn forbidden_to(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Channel>, DbErr> {
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
pub async fn set_forbidden(db: &impl ConnectionTrait, audience: Audience, kinds: &[Channel]) -> Result<(), DbErr> {
    let names: Vec<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let forbidden = names.join(",");
    let model = policy::Model { audience: audience.as_str().to_owned(), allowed: false, forbidden };
    put(db, model, policy::Column::Forbidden).await
}

fn kinds_in(names: &str) -> Vec<Channel> {
    names.split(',').filter_map(|name| name.parse().ok()).collect()
}

/// Stores one column of a policy.
async fn put(db: &impl ConnectionTrait, model: policy::Model, column: policy::Column) -> Result<(), DbErr> {
    policy::Entity::insert(policy::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(policy::Column::Audience).update_column(column).to_owned())
        .exec_without_returning(db)
        .await
        .map(|_| ())
}

/// How many accounts of an audience have an entry.
pub async fn count_enrolled(db: &impl ConnectionTrait, audience: Audience) -> Result<u64, DbErr> {
    // The database keeps this column itself, for the lists of accounts; it stands in their indexes.
    account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(Expr::cust("enrolled = TRUE"))
        .count(db)
        .await
}

/// The ids of the accounts that have an entry of one of these kinds whose provider is active.
fn accounts_using(kinds: &[Channel]) -> SelectStatement {
    let services = service_provider::Entity::find()
        .select_only()
        .column(service_provider::Column::Id)
        .filter(service_provider::Column::Active.eq(true))
        .filter(service_provider::Column::Kind.is_in(kinds.iter().map(|kind| kind.as_str())))
        .into_query();
    let auths = secondary_auth::Entity::find()
        .select_only()
        .column(secondary_auth::Column::Id)
        .filter(secondary_auth::Column::ServiceId.in_subquery(services))
        .into_query();
    enrollment::Entity::find()
        .select_only()
        .column(enrollment::Column::AccountId)
        .filter(enrollment::Column::SecondaryAuthId.in_subquery(auths))
        .into_query()
}

/// All kinds but these.
fn others(kinds: &[Channel]) -> Vec<Channel> {
    Channel::ALL.into_iter().filter(|kind| !kinds.contains(kind)).collect()
}

/// How many accounts of an audience use a kind, and how many of them have no other entry that works.
pub async fn count_using(db: &impl ConnectionTrait, audience: Audience, kind: Channel) -> Result<(u64, u64), DbErr> {
    let mut unusable = forbidden(db, audience).await?;
    unusable.push(kind);
    let using = account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(account::Column::Id.in_subquery(accounts_using(&[kind])));
    let all = using.clone().count(db).await?;
    let alone = using.filter(account::Column::Id.not_in_subquery(accounts_using(&others(&unusable)))).count(db).await?;
    Ok((all, alone))
}

/// How many active administrators have no entry that works, and the first of them by name.
pub async fn unready_admins(db: &impl ConnectionTrait, first: u64) -> Result<(u64, Vec<account::Model>), DbErr> {
    let ready = accounts_using(&others(&forbidden(db, Audience::Admin).await?));
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
