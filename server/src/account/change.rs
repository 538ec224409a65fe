//! The rules of changing somebody else's name and address, as administrators do. Nobody proves the new address, so both
//! are told, and whatever the account had open ends.

use crate::{
    accounts::store,
    audit::{self, Actor, Event},
    begun,
    core::Core,
    entity::{account, email_key::EmailKey},
    outbox::{
        alert,
        notice::{Addressee, announce},
    },
    sessions,
};
use app::{
    audit::types::Action,
    delivery::notice::Notice,
    error::{AppError, Problem, Refusal},
    validate::{self, Check, TITLE_MAX},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Whether this is another address than the account has.
pub fn moves(account: &account::Model, email: &str) -> bool {
    validate::email(email).is_ok_and(|email| email != account.email)
}

/// Changes name and address of an account, within a transaction.
///
/// # Errors
/// `Invalid` for `name` and `email`; `OwnAccount`, because one's own address is proved by a link; `NotFound`.
pub async fn change(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Uuid,
    name: &str,
    email: &str,
) -> Result<(), AppError> {
    if actor.account_id() == Some(id) {
        return Err(AppError::refused(Refusal::OwnAccount));
    }
    let account = store::by_id(db, id).await?.ok_or(AppError::NotFound)?;
    let mut check = Check::default();
    let name = check.take("name", validate::line(name, TITLE_MAX));
    let email = check.take("email", validate::email(email));
    check.done()?;
    let other = store::by_email(db, account.audience.0, &EmailKey::of(&email)).await?;
    if other.is_some_and(|other| other.id != id) {
        return Err(AppError::field("email", Problem::Taken));
    }
    if name == account.name && email == account.email {
        return Ok(());
    }
    store::set_name_and_email(db, id, &name, &email).await?;
    if name != account.name {
        let event = Event::new(Action::AccountChanged, actor).to_account(id, &account.email);
        audit::record(db, core, event.with("name")).await?;
    }
    if email != account.email {
        moved(db, core, actor, &account, &email).await?;
    }
    Ok(())
}

/// What comes of another address. Links that went to the old one die, as do sessions.
async fn moved(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    account: &account::Model,
    email: &str,
) -> Result<(), AppError> {
    sessions::store::end_others(db, account.id, None).await?;
    begun::end(db, account.id, core.clock.now()).await?;
    let details = format!("from {} to {email}", account.email);
    let event = Event::new(Action::EmailChanged, actor).to_account(account.id, email);
    alert::record(db, core, event.with(details)).await?;
    announce(db, core, account, None, Notice::EmailChanged).await?;
    let new = Addressee { email, ..Addressee::from(account) };
    announce(db, core, new, None, Notice::EmailIsNew).await
}
