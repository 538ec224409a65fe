//! Queries of the dashboard. Each has an index that fits, but for counting the accounts.

use crate::{
    entity::{account, delivery, enrollment, policy, protection, secondary_auth, service_provider, stored::Stored},
    entries::recovery_codes,
    error::Error,
};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, Query},
};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Counts {
    admins: i64,
    enrolled_admins: i64,
    customers: i64,
    enrolled_customers: i64,
}

/// How many active accounts each audience has, and how many of them have an entry. Reads all of them once, in the order
/// in which they are stored; by groups, SQLite would go through them in the order of an index.
pub async fn count_protection(db: &impl ConnectionTrait, day: i64) -> Result<Vec<protection::Model>, Error> {
    // Whether an account has an entry, the database keeps in a column of its own, for the lists of accounts.
    let counts = |condition: &str| Expr::cust(format!("count(CASE WHEN {condition} THEN 1 END)"));
    let counts = account::Entity::find()
        .select_only()
        .column_as(counts("audience = 'admin'"), "admins")
        .column_as(counts("audience = 'admin' AND enrolled"), "enrolled_admins")
        .column_as(counts("audience = 'customer'"), "customers")
        .column_as(counts("audience = 'customer' AND enrolled"), "enrolled_customers")
        .filter(account::Column::DisabledAt.is_null())
        .into_model::<Counts>()
        .one(db)
        .await?
        .ok_or_else(|| Error::broken("no counts"))?;
    let row = |audience: Audience, accounts: i64, enrolled: i64| protection::Model {
        day,
        audience: Stored(audience),
        accounts: i32::try_from(accounts).unwrap_or(i32::MAX),
        enrolled: i32::try_from(enrolled).unwrap_or(i32::MAX),
    };
    Ok(vec![
        row(Audience::Admin, counts.admins, counts.enrolled_admins),
        row(Audience::Customer, counts.customers, counts.enrolled_customers),
    ])
}

/// Stores the figures of a day, or replaces them. Any number of servers may do so at once.
pub async fn put_protection(db: &impl ConnectionTrait, rows: Vec<protection::Model>) -> Result<(), Error> {
    use protection::Column::{Accounts, Audience, Day, Enrolled};
    protection::Entity::insert_many(rows.into_iter().map(|row| protection::ActiveModel::from(row).reset_all()))
        .on_conflict(OnConflict::columns([Day, Audience]).update_columns([Accounts, Enrolled]).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The figures since a day, oldest first.
pub async fn protection_since(db: &impl ConnectionTrait, day: i64) -> Result<Vec<protection::Model>, Error> {
    Ok(protection::Entity::find()
        .filter(protection::Column::Day.gte(day))
        .order_by_asc(protection::Column::Day)
        .order_by_asc(protection::Column::Audience)
        .all(db)
        .await?)
}

/// When a provider last took a message.
pub async fn last_success(db: &impl ConnectionTrait, service: Uuid) -> Result<Option<i64>, Error> {
    Ok(delivery::Entity::find()
        .select_only()
        .column(delivery::Column::SentAt)
        .filter(delivery::Column::ServiceId.eq(service))
        .filter(delivery::Column::SentAt.is_not_null())
        .order_by_desc(delivery::Column::SentAt)
        .into_tuple()
        .one(db)
        .await?)
}

/// The last message that was given up at a provider.
pub async fn last_failure(db: &impl ConnectionTrait, service: Uuid) -> Result<Option<delivery::Model>, Error> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::ServiceId.eq(service))
        .filter(delivery::Column::FailedAt.is_not_null())
        .order_by_desc(delivery::Column::FailedAt)
        .one(db)
        .await?)
}

/// The newest messages that failed and will be tried again.
pub async fn retried(db: &impl ConnectionTrait, most: u64) -> Result<Vec<delivery::Model>, Error> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::SentAt.is_null())
        .filter(delivery::Column::FailedAt.is_null())
        .filter(delivery::Column::Failure.is_not_null())
        .order_by_desc(delivery::Column::Id)
        .limit(most)
        .all(db)
        .await?)
}

/// How many messages a provider took since a time.
pub async fn sent_since(db: &impl ConnectionTrait, service: Uuid, since: i64) -> Result<u64, Error> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::ServiceId.eq(service))
        .filter(delivery::Column::SentAt.gt(since))
        .count(db)
        .await?)
}

/// How many messages were given up at a provider since a time.
pub async fn failed_since(db: &impl ConnectionTrait, service: Uuid, since: i64) -> Result<u64, Error> {
    Ok(delivery::Entity::find()
        .filter(delivery::Column::ServiceId.eq(service))
        .filter(delivery::Column::FailedAt.is_not_null())
        .filter(delivery::Column::FailedAt.gt(since))
        .count(db)
        .await?)
}

/// The newest messages that were given up, with the address of the account that they were for.
pub async fn failed(
    db: &impl ConnectionTrait,
    most: u64,
) -> Result<Vec<(delivery::Model, Option<account::Model>)>, Error> {
    let rows = delivery::Entity::find()
        .filter(delivery::Column::FailedAt.is_not_null())
        .order_by_desc(delivery::Column::FailedAt)
        .order_by_desc(delivery::Column::Id)
        .limit(most)
        .all(db)
        .await?;
    let ids = rows.iter().filter_map(|row| row.account_id);
    let accounts = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await?;
    let of = |row: &delivery::Model| accounts.iter().find(|account| Some(account.id) == row.account_id).cloned();
    Ok(rows.into_iter().map(|row| (row.clone(), of(&row))).collect())
}

/// How far the set-up is, for one of the administrators.
#[derive(FromQueryResult)]
pub struct Progress {
    /// Whether there is an active provider.
    pub service: bool,
    /// Whether one is offered.
    pub offered: bool,
    /// Whether administrators may have a second factor.
    pub admins_allowed: bool,
    /// Whether customers may.
    pub customers_allowed: bool,
    /// Whether the administrator has an entry.
    pub own_factor: bool,
    /// Whether the administrator has recovery codes left.
    pub recovery_codes: bool,
    /// Whether somebody else is an active administrator.
    pub second_admin: bool,
}

/// How far the set-up is, in one statement: pages ask for it too.
pub async fn progress(db: &impl ConnectionTrait, admin: Uuid) -> Result<Progress, Error> {
    let active = service_provider::Entity::find()
        .select_only()
        .column(service_provider::Column::Id)
        .filter(service_provider::Column::Active.eq(true))
        .into_query();
    let offered = secondary_auth::Entity::find()
        .filter(secondary_auth::Column::ServiceId.in_subquery(active.clone()))
        .into_query();
    let allowed = |audience| {
        let policy = policy::Entity::find_by_id(Stored(audience)).filter(policy::Column::Allowed.eq(true));
        Expr::exists(policy.into_query())
    };
    let entry = enrollment::Entity::find().filter(enrollment::Column::AccountId.eq(admin)).into_query();
    let other = account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .filter(account::Column::Id.ne(admin))
        .into_query();
    let query = Query::select()
        .expr_as(Expr::exists(active), "service")
        .expr_as(Expr::exists(offered), "offered")
        .expr_as(allowed(Audience::Admin), "admins_allowed")
        .expr_as(allowed(Audience::Customer), "customers_allowed")
        .expr_as(Expr::exists(entry), "own_factor")
        .expr_as(Expr::exists(recovery_codes::left(admin).into_query()), "recovery_codes")
        .expr_as(Expr::exists(other), "second_admin")
        .take();
    let row = db.query_one(&query).await?.ok_or_else(|| Error::broken("no progress"))?;
    Ok(Progress::from_query_result(&row, "")?)
}
