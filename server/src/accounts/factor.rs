//! The count of failures of an account's second factor, over all channels, browsers and flows, and the lock that
//! they bring about.

use crate::{entity::account, error::Error, rules::Rules};
use app::{
    configuration::types::Setting,
    error::{AppError, Refusal},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, Set, Statement};
use uuid::Uuid;

/// Locks the account's row, so that parallel requests for codes count one after the other. SQLite needs no such
/// lock: its transaction is the only one that writes.
pub async fn lock_account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, Error> {
    Ok(account::Entity::find_by_id(id).lock_exclusive().one(db).await?)
}

#[derive(FromQueryResult)]
struct Failures {
    factor_failures: i32,
}

/// When failures lock a second factor or switch it off.
pub struct Lock {
    /// So many failures lock it, and so many again.
    pub every: i32,
    /// How long the first lock lasts; each further one is twice as long.
    pub seconds: i64,
    /// So many failures switch it off.
    pub disable_at: i32,
}

/// Counts a failure on the account before its code is compared; a success takes all of them back. Some of them lock
/// the factor. Tells the count, or nothing while locked or switched off.
pub async fn count_failure(
    db: &impl ConnectionTrait,
    account: Uuid,
    lock: &Lock,
    now: i64,
) -> Result<Option<i32>, Error> {
    let sql = "UPDATE account SET factor_failures = factor_failures + 1, \
               factor_locked_until = CASE WHEN (factor_failures + 1) % $3 = 0 \
               THEN $1 + $4 * (1 << ((factor_failures + 1) / $3 - 1)) ELSE factor_locked_until END \
               WHERE id = $2 AND factor_failures < $5 AND (factor_locked_until IS NULL OR factor_locked_until <= $1) \
               RETURNING factor_failures";
    let values = [now.into(), account.into(), lock.every.into(), lock.seconds.into(), lock.disable_at.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Failures::find_by_statement(statement).one(db).await?.map(|row| row.factor_failures))
}

/// Takes back the account's failures after a success.
pub async fn clear_failures(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    let change = account::ActiveModel {
        id: Set(account),
        factor_failures: Set(0),
        factor_locked_until: Set(None),
        ..Default::default()
    };
    change.update(db).await?;
    Ok(())
}

/// When failures lock a second factor or switch it off, by the rules of now.
pub fn lock_of(rules: &Rules) -> Lock {
    Lock {
        every: rules.count(Setting::LockFailures),
        seconds: rules.seconds(Setting::LockMinutes),
        disable_at: rules.count(Setting::DisableFailures),
    }
}

/// Whether the account's second factor takes codes at the moment.
///
/// # Errors
/// `FactorDisabled` or `FactorLocked`.
pub fn check(account: &account::Model, rules: &Rules, now: i64) -> Result<(), AppError> {
    if account.factor_failures >= rules.count(Setting::DisableFailures) {
        return Err(AppError::refused(Refusal::FactorDisabled));
    }
    match account.factor_locked_until {
        Some(until) if until > now => {
            Err(AppError::refused(Refusal::FactorLocked { minutes: minutes_up(until - now) }))
        }
        _ => Ok(()),
    }
}

pub fn minutes_up(seconds: i64) -> u32 {
    u32::try_from((seconds + 59) / 60).unwrap_or(1).max(1)
}
