//! Helping and stopping accounts, as administrators and operators do: each change is one transaction with its audit
//! event and, where there is one, its announcement to the person.

use super::service::check_not_last_admin;
use crate::{
    accounts::{self, store},
    audit::{self, Actor, Event},
    begun,
    core::Core,
    devices,
    entity::account,
    outbox::{self, alert, notice::Addressee},
    platform::database,
    rules::rules_for,
    sessions,
};
use app::{audit::types::Action, configuration::types::Setting, delivery::notice::Notice, error::AppError};
use uuid::Uuid;

/// Stops an account: nobody signs in with it, and whoever is signed in is not any more.
///
/// # Errors
/// `Refused` with `LastAdmin`.
pub async fn disable(core: &Core, actor: Actor<'_>, account: &account::Model) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    check_not_last_admin(&transaction, account).await?;
    if !store::set_disabled(&transaction, account.id, Some(core.clock.now())).await? {
        return Ok(());
    }
    sessions::store::end_others(&transaction, account.id, None).await?;
    begun::end(&transaction, account.id, core.clock.now()).await?;
    devices::store::end_all(&transaction, account.id).await?;
    alert::record(&transaction, core, event(Action::AccountDisabled, actor, account)).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::Disabled).await?;
    Ok(database::commit(transaction).await?)
}

/// Removes an account for good, with everything that is its own. The audit log keeps what happened, by its address.
///
/// # Errors
/// `Refused` with `LastAdmin`.
pub async fn delete(core: &Core, actor: Actor<'_>, account: &account::Model) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    check_not_last_admin(&transaction, account).await?;
    if !store::delete(&transaction, account.id).await? {
        return Ok(());
    }
    accounts::password::unpause(&transaction, core, account).await?;
    alert::record(&transaction, core, event(Action::AccountDeleted, actor, account)).await?;
    // To the address alone: whatever belongs to the account has gone with it.
    let whom = Addressee { account_id: None, ..Addressee::from(account) };
    outbox::notice::announce(&transaction, core, whom, None, Notice::Deleted).await?;
    Ok(database::commit(transaction).await?)
}

/// Lets a stopped account sign in again.
pub async fn enable(core: &Core, actor: Actor<'_>, account: &account::Model) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    if !store::set_disabled(&transaction, account.id, None).await? {
        return Ok(());
    }
    begun::end(&transaction, account.id, core.clock.now()).await?;
    alert::record(&transaction, core, event(Action::AccountEnabled, actor, account)).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::Enabled).await?;
    Ok(database::commit(transaction).await?)
}

/// Opens the counters of wrong codes and of wrong passwords. A second factor that was switched off stays off: only
/// setting it up again helps, after a reset (NIST SP 800-63B-4 section 3.2.2). Tells whether the second factor is open.
pub async fn unlock(core: &Core, actor: Actor<'_>, account: &account::Model) -> Result<bool, AppError> {
    let switched_off_at = rules_for(core, actor).await?.count(Setting::DisableFailures);
    let transaction = database::begin(&core.db).await?;
    store::unlock_factor(&transaction, account.id, switched_off_at).await?;
    accounts::password::unpause(&transaction, core, account).await?;
    alert::record(&transaction, core, event(Action::AccountUnlocked, actor, account)).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::Unlocked).await?;
    database::commit(transaction).await?;
    Ok(account.factor_failures < switched_off_at)
}

/// Ends the sessions of an account, or one of them.
///
/// # Errors
/// `NotFound` where the one is gone.
pub async fn end_sessions(
    core: &Core,
    actor: Actor<'_>,
    account: &account::Model,
    one: Option<Uuid>,
) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    let ended = match one {
        Some(id) => u64::from(sessions::store::end_one(&transaction, account.id, id).await?),
        None => sessions::store::end_others(&transaction, account.id, None).await?,
    };
    if one.is_some() && ended == 0 {
        return Err(AppError::NotFound);
    }
    let event = event(Action::SessionEnded, actor, account).with(format!("sessions ended: {ended}"));
    audit::record(&transaction, core, event).await?;
    outbox::notice::announce(&transaction, core, account, None, Notice::SessionsEnded).await?;
    Ok(database::commit(transaction).await?)
}

/// Revokes the trusted devices of an account, or one of them.
///
/// # Errors
/// `NotFound` where the one is gone.
pub async fn revoke_devices(
    core: &Core,
    actor: Actor<'_>,
    account: &account::Model,
    one: Option<Uuid>,
) -> Result<(), AppError> {
    let transaction = database::begin(&core.db).await?;
    match one {
        Some(id) if !devices::store::end(&transaction, account.id, id).await? => {
            return Err(AppError::NotFound);
        }
        Some(_) => {}
        None => devices::store::end_all(&transaction, account.id).await?,
    }
    let details = if one.is_some() { "one device" } else { "all devices" };
    audit::record(&transaction, core, event(Action::DeviceRevoked, actor, account).with(details)).await?;
    Ok(database::commit(transaction).await?)
}

fn event<'a>(action: Action, actor: Actor<'a>, account: &account::Model) -> Event<'a> {
    Event::new(action, actor).to_account(account.id, &account.email)
}
