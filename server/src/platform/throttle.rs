//! Counters of tries in a window, shared by all servers through the database.

use crate::error::Error;
use app::error::{AppError, Refusal};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};

#[derive(FromQueryResult)]
struct Row {
    count: i32,
}

/// Counts one try and tells how many there are in this window now. One statement, so parallel tries all count.
pub async fn count(db: &impl ConnectionTrait, key: &str, now: i64, window: i64) -> Result<i32, Error> {
    let sql = "INSERT INTO throttle (key, count, started_at) VALUES ($1, 1, $2) \
               ON CONFLICT (key) DO UPDATE SET \
               count = CASE WHEN throttle.started_at <= $3 THEN 1 ELSE throttle.count + 1 END, \
               started_at = CASE WHEN throttle.started_at <= $3 THEN $2 ELSE throttle.started_at END \
               RETURNING count";
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, [key.into(), now.into(), (now - window).into()]);
    let row = Row::find_by_statement(statement).one(db).await?;
    Ok(row.map_or(0, |row| row.count))
}

/// How many tries there are in this window, without counting one.
pub async fn counted(db: &impl ConnectionTrait, key: &str, now: i64, window: i64) -> Result<i32, Error> {
    let sql = "SELECT count FROM throttle WHERE key = $1 AND started_at > $2";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [key.into(), (now - window).into()]);
    Ok(Row::find_by_statement(statement).one(db).await?.map_or(0, |row| row.count))
}

/// Forgets a counter.
pub async fn clear(db: &impl ConnectionTrait, key: &str) -> Result<(), Error> {
    let sql = "DELETE FROM throttle WHERE key = $1";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [key.into()])).await?;
    Ok(())
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

/// Forgets the counters whose windows began before a time.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<(), Error> {
    let sql = "DELETE FROM throttle WHERE started_at < $1";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [before.into()])).await?;
    Ok(())
}
