//! The requirement of a second factor for administrators: what it asks of them, and what must not be taken away while
//! it is ON. Customers are never required to use one.

use crate::{
    accounts,
    core::Core,
    entity::account as account_row,
    entries, offers,
    rules::{self, Rules, rules_in},
};
use app::{
    caller::Session,
    configuration::types::Setting,
    error::{AppError, Obstacle, Refusal},
    login::types::Audience,
    policy::types::{Person, Readiness},
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How many administrators without an entry are shown by name.
const SHOWN: u64 = 20;

/// What the requirement asks of an account that signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Nothing: there is no requirement, or an entry that works.
    Nothing,
    /// An entry within so many days.
    Soon(u32),
    /// An entry before anything else.
    Now,
}

/// What the requirement asks of an account. The first time begins its grace period, which is never renewed, and ends
/// for good with the first entry: whoever loses that is led to enrollment at once.
pub async fn demand(core: &Core, rules: &Rules, account: &account_row::Model) -> Result<Demand, AppError> {
    if account.audience.0 != Audience::Admin || !rules.is_on(Setting::RequireAdminTwoFactor) {
        return Ok(Demand::Nothing);
    }
    let (db, now) = (&core.db, core.clock.now());
    if has_working_entry(db, account.id).await? {
        if account.grace_ends_at.is_none_or(|end| end > now) {
            accounts::store::end_grace(db, account.id, now).await?;
        }
        return Ok(Demand::Nothing);
    }
    let end = match account.grace_ends_at {
        Some(end) => end,
        None => begin_grace(core, rules, account.id).await?,
    };
    Ok(if end > now { Demand::Soon(days_up(end - now)) } else { Demand::Now })
}

async fn begin_grace(core: &Core, rules: &Rules, account_id: Uuid) -> Result<i64, AppError> {
    let end = core.clock.now() + rules.seconds(Setting::GraceDays);
    if accounts::store::begin_grace(&core.db, account_id, end).await? {
        return Ok(end);
    }
    // Another request was faster.
    let account = accounts::store::by_id(&core.db, account_id).await?;
    Ok(account.and_then(|account| account.grace_ends_at).unwrap_or(end))
}

/// Whether a sign-in of this administrator can be asked for a code.
async fn has_working_entry(db: &impl ConnectionTrait, account_id: Uuid) -> Result<bool, AppError> {
    Ok(rules::policies::is_allowed(db, Audience::Admin).await?
        && !entries::store::usable(db, account_id).await?.is_empty())
}

/// Why an administrator cannot switch the requirement on: it would lock everybody out.
pub async fn obstacle(db: &impl ConnectionTrait, admin: Uuid) -> Result<Option<Obstacle>, AppError> {
    Ok(if !is_offered(db).await? {
        Some(Obstacle::NothingUsable)
    } else if !rules::policies::is_allowed(db, Audience::Admin).await? {
        Some(Obstacle::NotAllowed)
    } else if !has_working_entry(db, admin).await? {
        Some(Obstacle::NotEnrolled)
    } else {
        None
    })
}

/// Why the requirement cannot be switched on at the command line, where no administrator has proved a factor: nobody
/// could set one up, or all of them would have to while none of them ever has. Where there is no administrator yet, the
/// first one begins with it.
pub async fn obstacle_for_everybody(db: &impl ConnectionTrait) -> Result<Option<Obstacle>, AppError> {
    let admins = accounts::store::count_active(db, Audience::Admin).await?;
    let (unready, _) = entries::counts::unready_admins(db, 0).await?;
    Ok(if !is_offered(db).await? {
        Some(Obstacle::NothingUsable)
    } else if !rules::policies::is_allowed(db, Audience::Admin).await? {
        Some(Obstacle::NotAllowed)
    } else if admins > 0 && unready >= u64::from(admins) {
        Some(Obstacle::NotEnrolled)
    } else {
        None
    })
}

/// Whether there is a secondary auth with an active provider of a kind that administrators may use.
async fn is_offered(db: &impl ConnectionTrait) -> Result<bool, AppError> {
    let forbidden = rules::policies::forbidden(db, Audience::Admin).await?;
    let offered = offers::store::all(db).await?;
    Ok(offered.iter().any(|offered| offered.service.active && !forbidden.contains(&offered.service.kind.0)))
}

/// How many administrators are not enrolled, and who; and whether this one could switch the requirement on.
pub async fn readiness(db: &impl ConnectionTrait, admin: Uuid) -> Result<Readiness, AppError> {
    let (missing, people) = entries::counts::unready_admins(db, SHOWN).await?;
    Ok(Readiness {
        missing: u32::try_from(missing).unwrap_or(u32::MAX),
        people: people.into_iter().map(|account| Person { name: account.name, email: account.email }).collect(),
        obstacle: obstacle(db, admin).await?,
    })
}

/// Refuses a change after which nobody could prove a required second factor. Asked after the change and within its
/// transaction, which has to be alone ([`crate::platform::database::begin_alone`]).
///
/// # Errors
/// `RequiredForAdmins` with the number of administrators that it would lock out.
pub async fn check_provable(db: &impl ConnectionTrait) -> Result<(), AppError> {
    let provable = rules::policies::is_allowed(db, Audience::Admin).await? && is_offered(db).await?;
    if provable || !rules_in(db).await?.is_on(Setting::RequireAdminTwoFactor) {
        return Ok(());
    }
    let accounts = accounts::store::count_active(db, Audience::Admin).await?;
    Err(AppError::refused(Refusal::RequiredForAdmins { accounts }))
}

/// Refuses a change that stops what all administrators prove themselves by: an entry that cannot be used still counts,
/// so that the command line would be the only way in. Asked as [`check_provable`] is.
///
/// # Errors
/// `LastWayIn` with the number of administrators that it would lock out.
pub async fn check_way_in(db: &impl ConnectionTrait) -> Result<(), AppError> {
    let asked = rules::policies::is_allowed(db, Audience::Admin).await?;
    if !asked || rules_in(db).await?.is_on(Setting::AdminsWithoutCode) {
        return Ok(());
    }
    let stranded = entries::counts::stranded_admins(db).await?;
    let accounts = accounts::store::count_active(db, Audience::Admin).await?;
    if accounts > 0 && stranded >= u64::from(accounts) {
        return Err(AppError::refused(Refusal::LastWayIn { accounts }));
    }
    Ok(())
}

/// Refuses to remove an administrator's last entry that works while one is required: it would only lead back to
/// setting one up, with nothing but the password proved.
///
/// # Errors
/// `RequiredEntry`.
pub async fn check_removal(db: &impl ConnectionTrait, session: &Session, entry: Uuid) -> Result<(), AppError> {
    if session.audience != Audience::Admin || !rules_in(db).await?.is_on(Setting::RequireAdminTwoFactor) {
        return Ok(());
    }
    let entries = entries::store::of_account(db, session.account_id).await?;
    let mut working = entries.iter().filter(|full| full.usable);
    match (working.next(), working.next()) {
        (Some(last), None) if last.entry.id == entry => Err(AppError::refused(Refusal::RequiredEntry)),
        _ => Ok(()),
    }
}

fn days_up(seconds: i64) -> u32 {
    u32::try_from((seconds + 86_399) / 86_400).unwrap_or(u32::MAX)
}
