//! How a code that stands in for a second factor is checked: it counts on the account and the client's address like
//! any other code.

use crate::accounts::factor::minutes_up;
use crate::{
    accounts::{
        self,
        factor::{self, lock_of},
    },
    audit::{self, Actor, Event},
    challenge::{
        limits::{ADDRESS_WINDOW, FAILURES_PER_ADDRESS},
        service::{Purpose, address_key, record_consequence},
        trail,
    },
    core::Core,
    entity::recovery_code,
    entries::recovery_codes::{self, CodeKind},
    platform::{database, throttle},
    rules::rules,
};
use app::{
    audit::types::Action,
    caller::Session,
    error::{AppError, Refusal},
    validate,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// The keyed hash of a code, bound to its account.
pub fn code_hash(core: &Core, account: Uuid, code: &str) -> String {
    core.vault.keyed_hash(&["recovery_code", &account.to_string(), code])
}

/// Checks a code. A failure is counted and committed before the code is looked at. A right code opens a transaction in
/// which it is used up; the caller adds what the code allows and commits.
///
/// # Errors
/// `Invalid` for what is no recovery code; `Refused` with the reason.
pub async fn check(
    core: &Core,
    session: &Session,
    purpose: Purpose,
    code: &str,
) -> Result<(recovery_code::Model, DatabaseTransaction), AppError> {
    let code = validate::recovery_code(code).map_err(|problem| AppError::field("recovery_code", problem))?;
    let (account_id, origin) = (session.account_id, &session.origin);
    let hash = code_hash(core, account_id, &code);
    let (rules, now) = (rules(core).await?, core.clock.now());
    let failures = throttle::counted(&core.db, &address_key(origin), now, ADDRESS_WINDOW).await?;
    if failures >= FAILURES_PER_ADDRESS {
        let error = AppError::refused(Refusal::FactorLocked { minutes: minutes_up(ADDRESS_WINDOW) });
        return Err(refused(core, session, purpose, error).await);
    }
    let account = accounts::store::by_id(&core.db, account_id).await?;
    let account = account.ok_or(AppError::SignInNeeded)?;
    let locked = match factor::check(&account, &rules, now) {
        Ok(()) => None,
        // The lock is against guessing, which a code of the helpdesk does not allow, and locked out is whom it is for.
        Err(error @ AppError::Refused { reason: Refusal::FactorLocked { .. }, .. }) => Some(error),
        Err(error) => return Err(refused(core, session, purpose, error).await),
    };
    let lock = lock_of(&rules);
    let counted = if locked.is_some() {
        None
    } else {
        let counted = accounts::factor::count_failure(&core.db, account_id, &lock, now).await?;
        if counted.is_none() {
            // Another request locked it at this moment.
            let error = wrong(core, account_id, &hash, now).await?;
            return Err(refused(core, session, purpose, error).await);
        }
        counted
    };
    let kind = locked.is_some().then_some(CodeKind::Helpdesk);
    let transaction = database::begin(&core.db).await?;
    if let Some(used) = recovery_codes::consume(&transaction, account_id, &hash, kind, now).await? {
        accounts::factor::clear_failures(&transaction, account_id).await?;
        return Ok((used, transaction));
    }
    database::rollback(transaction).await?;
    throttle::count(&core.db, &address_key(origin), now, ADDRESS_WINDOW).await?;
    let error = match locked {
        Some(error) => error,
        None => wrong(core, account_id, &hash, now).await?,
    };
    let error = refused(core, session, purpose, error).await;
    if let Some(failures) = counted {
        record_consequence(core, &lock, origin, account_id, failures).await?;
    }
    Err(error)
}

/// What to say about a code that was not accepted. Who knows one that was right once is no stranger, so that one is
/// told.
async fn wrong(core: &Core, account_id: Uuid, hash: &str, now: i64) -> Result<AppError, AppError> {
    let account = accounts::store::by_id(&core.db, account_id).await?;
    let rules = rules(core).await?;
    if let Err(error) = factor::check(&account.ok_or(AppError::SignInNeeded)?, &rules, now) {
        return Ok(error);
    }
    let known = recovery_codes::by_hash(&core.db, account_id, hash).await?;
    Ok(AppError::refused(match known {
        Some(code) if code.used_at.is_some() => Refusal::RecoveryCodeUsed,
        Some(_) => Refusal::RecoveryCodeExpired,
        None => Refusal::WrongRecoveryCode,
    }))
}

/// Records that a code was not accepted, and passes the reason on.
async fn refused(core: &Core, session: &Session, purpose: Purpose, error: AppError) -> AppError {
    let details = format!("{}, recovery code, {}", trail::words(purpose), trail::reason(&error));
    let event = Event::failure(Action::CodeRefused, Actor::Session(session)).with(details);
    match audit::record(&core.db, core, event).await {
        Ok(()) => error,
        Err(failure) => failure,
    }
}
