//! Queries of the dashboard. Each has an index that fits, but for counting the accounts.

use crate::{
    entity::{account, delivery, enrollment, protection, stored::Stored},
    error::Error,
};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
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

/// Whether an account has an entry.
pub async fn has_entry(db: &impl ConnectionTrait, account: Uuid) -> Result<bool, Error> {
    let found = enrollment::Entity::find().filter(enrollment::Column::AccountId.eq(account)).one(db).await?;
    Ok(found.is_some())
}

/// How many administrators can sign in; there are never many.
pub async fn active_admins(db: &impl ConnectionTrait) -> Result<u64, Error> {
    Ok(account::Entity::find()
        .filter(account::Column::Audience.eq(Stored(Audience::Admin)))
        .filter(account::Column::DisabledAt.is_null())
        .count(db)
        .await?)
}
