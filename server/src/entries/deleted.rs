//! Entries that were deleted in the last day. They stand in a table of their own, so that nothing that asks for entries
//! finds them, and administrators can bring them back (decision 28).

use crate::{
    entity::{deleted_entry, enrollment, secondary_auth, service_provider, stored::Stored},
    error::Error,
    offers::deleted::KEPT,
    platform::database::old_rows,
};
use app::services::types::Channel;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement, Value,
};
use uuid::Uuid;

/// What is kept of an entry, beside whether it was the preferred one.
const COLUMNS: &str = "id, account_id, secondary_auth_id, destination, added_at, last_used_at, secret, last_step";

/// One of them with what it rests on.
pub struct DeletedEntry {
    /// What it was.
    pub entry: deleted_entry::Model,
    /// The title of its secondary auth.
    pub title: String,
    /// The kind of its provider.
    pub kind: Channel,
}

#[derive(FromQueryResult)]
struct Joined {
    #[sea_orm(nested)]
    entry: deleted_entry::Model,
    title: String,
    kind: Stored<Channel>,
}

/// Deletes an entry of an account. Tells whether it was there.
pub async fn delete(db: &impl ConnectionTrait, account: Uuid, id: Uuid, now: i64) -> Result<bool, Error> {
    Ok(take(db, "account_id = $1 AND id = $2", &[account, id], false, now).await? == 1)
}

/// Deletes all entries of an account. Those that were deleted with their secondary auth do not come back with it any
/// more, but one by one.
pub async fn delete_all(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<u64, Error> {
    run(db, "UPDATE deleted_entry SET with_auth = FALSE WHERE account_id = $1", &[account.into()]).await?;
    take(db, "account_id = $1", &[account], false, now).await
}

/// Deletes all entries of a secondary auth that is about to be deleted.
pub async fn delete_with(db: &impl ConnectionTrait, auth: Uuid, now: i64) -> Result<u64, Error> {
    take(db, "secondary_auth_id = $1", &[auth], true, now).await
}

async fn take(db: &impl ConnectionTrait, which: &str, ids: &[Uuid], with_auth: bool, now: i64) -> Result<u64, Error> {
    let ids: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
    let with_auth = if with_auth { "TRUE" } else { "FALSE" };
    let keep = format!(
        "INSERT INTO deleted_entry ({COLUMNS}, preferred, with_auth, deleted_at) \
         SELECT {COLUMNS}, preferred, {with_auth}, {now} FROM enrollment WHERE {which} \
         ON CONFLICT (id) DO NOTHING"
    );
    run(db, &keep, &ids).await?;
    run(db, &format!("DELETE FROM enrollment WHERE {which}"), &ids).await
}

/// Brings the entries back that were deleted with their secondary auth, which is there again. Whoever has set up one of
/// its kind meanwhile keeps that alone, unless an account may have `several` of the kind. Tells how many came back.
pub async fn restore_with(
    db: &impl ConnectionTrait,
    auth: Uuid,
    kind: Channel,
    several: bool,
    now: i64,
) -> Result<u64, Error> {
    let newer = "SELECT 1 FROM enrollment e JOIN secondary_auth a ON a.id = e.secondary_auth_id \
                 JOIN service_provider p ON p.id = a.service_id \
                 WHERE e.account_id = d.account_id AND e.added_at >= d.deleted_at AND p.kind = $3";
    let mut values: Vec<Value> = vec![auth.into(), (now - KEPT).into()];
    let mut insert = format!(
        "INSERT INTO enrollment ({COLUMNS}, preferred) \
         SELECT {COLUMNS}, (preferred AND account_id NOT IN (SELECT account_id FROM enrollment WHERE preferred)) \
         FROM deleted_entry d WHERE secondary_auth_id = $1 AND with_auth AND deleted_at > $2"
    );
    if !several {
        insert.push_str(&format!(" AND NOT EXISTS ({newer})"));
        values.push(kind.as_str().into());
    }
    let restored = run(db, &insert, &values).await?;
    let back = "DELETE FROM deleted_entry WHERE id IN (SELECT id FROM enrollment WHERE secondary_auth_id = $1)";
    run(db, back, &[auth.into()]).await?;
    // What is left comes back one by one, if at all.
    run(db, "UPDATE deleted_entry SET with_auth = FALSE WHERE secondary_auth_id = $1", &[auth.into()]).await?;
    Ok(restored)
}

/// Brings an entry back, which is not the preferred one then.
pub async fn restore(db: &impl ConnectionTrait, entry: deleted_entry::Model) -> Result<(), Error> {
    deleted_entry::Entity::delete_by_id(entry.id).exec(db).await?;
    let entry = enrollment::Model {
        id: entry.id,
        account_id: entry.account_id,
        secondary_auth_id: entry.secondary_auth_id,
        destination: entry.destination,
        added_at: entry.added_at,
        last_used_at: entry.last_used_at,
        preferred: false,
        secret: entry.secret,
        last_step: entry.last_step,
    };
    let row = enrollment::ActiveModel::from(entry).reset_all();
    enrollment::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The entries of an account that can be brought back, the last deleted one first: those whose secondary auth is there.
pub async fn of_account(db: &impl ConnectionTrait, account: Uuid, now: i64) -> Result<Vec<DeletedEntry>, Error> {
    let auth = deleted_entry::Entity::belongs_to(secondary_auth::Entity)
        .from(deleted_entry::Column::SecondaryAuthId)
        .to(secondary_auth::Column::Id)
        .into();
    let provider = secondary_auth::Entity::belongs_to(service_provider::Entity)
        .from(secondary_auth::Column::ServiceId)
        .to(service_provider::Column::Id)
        .into();
    let found = deleted_entry::Entity::find()
        .column(secondary_auth::Column::Title)
        .column(service_provider::Column::Kind)
        .join(JoinType::InnerJoin, auth)
        .join(JoinType::InnerJoin, provider)
        .filter(deleted_entry::Column::AccountId.eq(account))
        .filter(deleted_entry::Column::DeletedAt.gt(now - KEPT))
        .order_by_desc(deleted_entry::Column::DeletedAt)
        .order_by_desc(deleted_entry::Column::Id)
        .into_model::<Joined>()
        .all(db)
        .await?;
    Ok(found
        .into_iter()
        .map(|Joined { entry, title, kind: Stored(kind) }| DeletedEntry { entry, title, kind })
        .collect())
}

/// How many entries come back with a secondary auth that was deleted.
pub async fn count_with(db: &impl ConnectionTrait, auth: Uuid) -> Result<u32, Error> {
    let count = deleted_entry::Entity::find()
        .filter(deleted_entry::Column::SecondaryAuthId.eq(auth))
        .filter(deleted_entry::Column::WithAuth.eq(true))
        .count(db)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Removes some of those for good whose day is over. Tells how many.
pub async fn remove_older(db: &impl ConnectionTrait, now: i64) -> Result<u64, Error> {
    let (id, at) = (deleted_entry::Column::Id, deleted_entry::Column::DeletedAt);
    old_rows::remove_some::<deleted_entry::Entity>(db, id, at, now - KEPT + 1).await
}

async fn run(db: &impl ConnectionTrait, sql: &str, values: &[Value]) -> Result<u64, Error> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values.to_vec());
    Ok(db.execute_raw(statement).await?.rows_affected())
}
