//! The count of failures of an account's second factor, over all channels, browsers and flows, and the lock that
//! they bring about.

use crate::{entity::account, error::Error, platform::clock::SKEW, rules::Rules};
use app::{
    configuration::types::Setting,
    error::{AppError, Refusal},
};
use sea_orm::{ConnectionTrait, EntityTrait, FromQueryResult, QuerySelect, Statement};
use uuid::Uuid;

/// How an account's second factor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Standing {
    /// Consecutive failures.
    pub factor_failures: i32,
    /// Unix seconds until which it is locked.
    pub factor_locked_until: Option<i64>,
}

impl From<&account::Model> for Standing {
    fn from(account: &account::Model) -> Self {
        Self { factor_failures: account.factor_failures, factor_locked_until: account.factor_locked_until }
    }
}

impl Standing {
    /// Whether it takes answers at the moment.
    ///
    /// # Errors
    /// `FactorDisabled` or `FactorLocked`.
    pub fn check(self, rules: &Rules, now: i64) -> Result<(), AppError> {
        if self.factor_failures >= rules.count(Setting::DisableFailures) {
            return Err(AppError::refused(Refusal::FactorDisabled));
        }
        match self.factor_locked_until {
            Some(until) if until > now => {
                Err(AppError::refused(Refusal::FactorLocked { minutes: minutes_up(until - now) }))
            }
            _ => Ok(()),
        }
    }
}

/// Shows that a failure was counted and committed, so that an answer may be compared: a channel compares nothing
/// without it, and only this file makes one.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    standing: Option<Standing>,
    /// How often the account's failures had been taken back before.
    clears: i32,
}

impl Counted {
    /// While the factor is locked nothing is counted, and only a helpdesk code is compared, which cannot be guessed.
    pub const fn while_locked() -> Self {
        Self { standing: None, clears: 0 }
    }

    /// Whether the factor is locked.
    pub const fn is_locked(self) -> bool {
        self.standing.is_none()
    }

    /// How the account stands with this failure; nothing where none was counted.
    pub const fn standing(self) -> Option<Standing> {
        self.standing
    }
}

#[derive(FromQueryResult)]
struct CountedRow {
    #[sea_orm(nested)]
    standing: Standing,
    factor_clears: i32,
}

/// Locks the account's row, so that parallel requests for codes count one after the other. SQLite needs no such
/// lock: its transaction is the only one that writes.
pub async fn lock_account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, Error> {
    Ok(account::Entity::find_by_id(id).lock_exclusive().one(db).await?)
}

/// How an account's second factor stands.
pub async fn standing(db: &impl ConnectionTrait, account: Uuid) -> Result<Option<Standing>, Error> {
    Ok(account::Entity::find_by_id(account).one(db).await?.as_ref().map(Standing::from))
}

/// Counts a failure before the answer is compared; a success takes all of them back. Some of them lock the factor.
/// Nothing while it is locked or switched off.
pub async fn count_failure(
    db: &impl ConnectionTrait,
    account: Uuid,
    rules: &Rules,
    now: i64,
) -> Result<Option<Counted>, Error> {
    let sql = "UPDATE account SET factor_failures = factor_failures + 1, \
               factor_locked_until = CASE WHEN (factor_failures + 1) % $3 = 0 \
               THEN $1 + $4 * (1 << ((factor_failures + 1) / $3 - 1)) ELSE factor_locked_until END \
               WHERE id = $2 AND factor_failures < $5 AND (factor_locked_until IS NULL OR factor_locked_until <= $1) \
               RETURNING factor_failures, factor_locked_until, factor_clears";
    let values = [
        now.into(),
        account.into(),
        rules.count(Setting::LockFailures).into(),
        rules.seconds(Setting::LockMinutes).into(),
        rules.count(Setting::DisableFailures).into(),
    ];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    // Read to its end: see the counters of `platform/throttle.rs`.
    let rows = CountedRow::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().next().map(|row| Counted { standing: Some(row.standing), clears: row.factor_clears }))
}

/// Shortens a lock that ends later than any lock by so many failures can: it began while the clock was ahead.
pub async fn bound_lock(db: &impl ConnectionTrait, account: Uuid, rules: &Rules, now: i64) -> Result<(), Error> {
    let latest = "$1 + $4 * (1 << (factor_failures / $3 - 1))";
    let sql = format!(
        "UPDATE account SET factor_locked_until = {latest} \
         WHERE id = $2 AND factor_failures >= $3 AND factor_locked_until > {latest} + $5"
    );
    let values = [
        now.into(),
        account.into(),
        rules.count(Setting::LockFailures).into(),
        rules.seconds(Setting::LockMinutes).into(),
        SKEW.into(),
    ];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes back one failure that was counted for an answer that was right once, with the lock that it brought about.
/// Parallel requests take theirs back in any order, so it is one less, whichever it was. After a success in between there
/// is nothing to take back: that took all of them, and what counts now is of others.
pub async fn take_back(db: &impl ConnectionTrait, account: Uuid, counted: Counted, rules: &Rules) -> Result<(), Error> {
    let Some(standing) = counted.standing() else { return Ok(()) };
    let locked_it = standing.factor_failures % rules.count(Setting::LockFailures) == 0;
    let sql = "UPDATE account SET factor_failures = factor_failures - 1, \
               factor_locked_until = CASE WHEN $2 AND factor_locked_until = $3 THEN NULL ELSE factor_locked_until END \
               WHERE id = $1 AND factor_failures > 0 AND factor_clears = $4";
    let values = [account.into(), locked_it.into(), standing.factor_locked_until.into(), counted.clears.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Takes back the account's failures after a success, or a reset; a password that came by mail has company then. Notes
/// the sign-in that the success completed, if it was one. The row stays locked until the transaction ends.
pub async fn clear_failures(db: &impl ConnectionTrait, account: Uuid, signed_in: Option<i64>) -> Result<(), Error> {
    let sql = "UPDATE account SET factor_failures = 0, factor_locked_until = NULL, reset_by_mail_at = NULL, \
               factor_clears = factor_clears + 1, last_sign_in_at = COALESCE($2, last_sign_in_at) WHERE id = $1";
    let values = [account.into(), signed_in.into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Whole minutes, at least one.
pub fn minutes_up(seconds: i64) -> u32 {
    u32::try_from((seconds + 59) / 60).unwrap_or(1).max(1)
}
