//! Counters of tries in a window, shared by all servers through the database.
//!
//! A window that began in the future began while a clock was wrong, and pauses nobody: it is over.

use super::{clock::SKEW, database::old_rows};
use crate::{entity::throttle, error::Error};
use app::error::{AppError, Refusal};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

#[derive(FromQueryResult)]
struct Row {
    count: i32,
}

/// A counter as it stands.
#[derive(FromQueryResult)]
pub struct Counter {
    /// Its name.
    pub key: String,
    /// How often it counted.
    pub count: i32,
    /// Unix seconds of the first time.
    pub started_at: i64,
}

/// Counts one try and tells how many there are in this window now. One statement, so parallel tries all count.
pub async fn count(db: &impl ConnectionTrait, key: &str, now: i64, window: i64) -> Result<i32, Error> {
    let over = "throttle.started_at <= $3 OR throttle.started_at > $4";
    let sql = format!(
        "INSERT INTO throttle (key, count, started_at) VALUES ($1, 1, $2) \
         ON CONFLICT (key) DO UPDATE SET \
         count = CASE WHEN {over} THEN 1 ELSE throttle.count + 1 END, \
         started_at = CASE WHEN {over} THEN $2 ELSE throttle.started_at END \
         RETURNING count"
    );
    let values = [key.into(), now.into(), (now - window).into(), (now + SKEW).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    // All rows, and not the first one: SQLite commits such a statement when its end is reached, and whether that failed, on
    // a full disk, is told to nobody who has stopped reading before (checklist 74).
    let rows = Row::find_by_statement(statement).all(db).await?;
    Ok(rows.first().map_or(0, |row| row.count))
}

/// How many tries there are in this window, without counting one.
pub async fn counted(db: &impl ConnectionTrait, key: &str, now: i64, window: i64) -> Result<i32, Error> {
    let sql = "SELECT count FROM throttle WHERE key = $1 AND started_at > $2 AND started_at <= $3";
    let values = [key.into(), (now - window).into(), (now + SKEW).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Row::find_by_statement(statement).one(db).await?.map_or(0, |row| row.count))
}

/// The largest count of this window among the counters whose names begin with a text.
pub async fn most_counted(db: &impl ConnectionTrait, prefix: &str, now: i64, window: i64) -> Result<i32, Error> {
    let sql = "SELECT CAST(COALESCE(MAX(count), 0) AS integer) AS count FROM throttle \
               WHERE key LIKE $1 ESCAPE '\\' AND started_at > $2 AND started_at <= $3";
    let values = [beginning(prefix).into(), (now - window).into(), (now + SKEW).into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Row::find_by_statement(statement).one(db).await?.map_or(0, |row| row.count))
}

/// Forgets a counter.
pub async fn clear(db: &impl ConnectionTrait, key: &str) -> Result<(), Error> {
    let sql = "DELETE FROM throttle WHERE key = $1";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [key.into()])).await?;
    Ok(())
}

/// Forgets the counters whose names begin with a text.
pub async fn clear_all(db: &impl ConnectionTrait, prefix: &str) -> Result<(), Error> {
    let sql = "DELETE FROM throttle WHERE key LIKE $1 ESCAPE '\\'";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [beginning(prefix).into()])).await?;
    Ok(())
}

/// Takes the counters whose names begin with a text and which began before a time, or in the future.
pub async fn take(db: &impl ConnectionTrait, prefix: &str, before: i64, now: i64) -> Result<Vec<Counter>, Error> {
    let sql = "DELETE FROM throttle WHERE key LIKE $1 ESCAPE '\\' AND (started_at <= $2 OR started_at > $3) \
               RETURNING key, count, started_at";
    let values = [beginning(prefix).into(), before.into(), (now + SKEW).into()];
    Ok(Counter::find_by_statement(Statement::from_sql_and_values(db.get_database_backend(), sql, values))
        .all(db)
        .await?)
}

/// The pattern of names that begin with a text; hashes hold signs that stand for others.
fn beginning(prefix: &str) -> String {
    let mut pattern = String::new();
    for sign in prefix.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// Counts one try, and refuses it where there were more than `most` in this window.
///
/// # Errors
/// `TooManyMessages`.
pub async fn limit(db: &impl ConnectionTrait, key: &str, now: i64, window: i64, most: i32) -> Result<(), AppError> {
    if count(db, key, now, window).await? <= most {
        return Ok(());
    }
    let minutes = u32::try_from((window + 59) / 60).unwrap_or(u32::MAX);
    Err(AppError::refused(Refusal::TooManyMessages { minutes }))
}

/// Forgets some of the counters whose windows began before a time. Tells how many there were.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<u64, Error> {
    old_rows::remove_some::<throttle::Entity>(db, throttle::Column::Key, throttle::Column::StartedAt, before).await
}
