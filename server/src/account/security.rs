//! The rules of what an account sees of its own security, and of its name.

use super::password;
use crate::{
    accounts::store,
    audit::{self, Actor, Event},
    core::Core,
    entity::audit_event::{self, Recorded},
    platform::{clock::minute_text, database},
};
use app::{
    account::types::{Activity, Place, Security},
    audit::types::{Action, Outcome},
    caller::Session,
    error::AppError,
    validate::{self, TITLE_MAX},
};
use uuid::Uuid;

/// How many events an account sees.
const EVENTS: u64 = 20;

/// What protects the account, and what happened with it.
pub async fn overview(core: &Core, session: &Session) -> Result<Security, AppError> {
    let events = audit::store::page_of(&core.db, session.account_id, audit::store::Place::Newest, EVENTS).await?;
    Ok(Security {
        name: session.name.clone(),
        email: session.email.clone(),
        stepped_up: session.stepped_up,
        password_min: password::min(core, session.account_id, session.audience).await?,
        activity: events.into_iter().filter_map(|event| activity(event, session.account_id)).collect(),
    })
}

/// An event as its own account may see it.
fn activity(event: audit_event::Model, account: Uuid) -> Option<Activity> {
    let Recorded::Known(action) = event.action else { return None };
    let place = match event.actor_id {
        Some(actor) if actor != account => Place::Administrator,
        _ => event.address.map_or(Place::System, Place::Address),
    };
    Some(Activity {
        at: minute_text(event.at),
        action,
        subject: event.subject.filter(|_| event.subject_id != Some(account)),
        place,
        succeeded: event.outcome.0 == Outcome::Success,
    })
}

/// Changes one's own name.
pub async fn change_name(core: &Core, session: &Session, name: &str) -> Result<(), AppError> {
    let name = validate::line(name, TITLE_MAX).map_err(|problem| AppError::field("name", problem))?;
    let transaction = database::begin(&core.db).await?;
    let account = store::by_id(&transaction, session.account_id).await?.ok_or(AppError::NotFound)?;
    store::set_name_and_email(&transaction, account.id, &name, &account.email).await?;
    let event = Event::new(Action::AccountChanged, Actor::Session(session));
    audit::record(&transaction, core, event.to_account(session.account_id, &session.email).with("name")).await?;
    Ok(database::commit(transaction).await?)
}
