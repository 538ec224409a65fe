//! Whether a change is made at once or asked for. What is asked for is done for a try, with all its rules, and dropped
//! again: so nobody approves what cannot be, and the request says what the audit log would say.

use super::{
    change::Change,
    store::{self, Model},
};
use crate::{
    audit::{self, Actor, Event},
    core::Core,
    error::{Error, internal},
    outbox::alert,
    platform::database,
};
use app::{
    audit::{names::action_name, types::Action},
    caller::Session,
    configuration::types::Setting,
    error::AppError,
    language::types::Language,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// How long a request waits, in seconds.
pub const LIFETIME: i64 = 86_400;

/// As whom an administrator makes a change: as one who only asks, where it weakens protection and two have to agree.
pub fn actor(admin: &Session, weakens: bool) -> Actor<'_> {
    let asks = weakens && admin.rules.is_on(Setting::SecondApproval);
    if asks { Actor::Asking(admin) } else { Actor::Session(admin) }
}

/// Makes what was done count. What was done by asking is dropped, and the request for it kept.
///
/// # Errors
/// `AwaitsApproval` where it was only asked for.
pub async fn settle(
    core: &Core,
    transaction: database::Transaction,
    actor: Actor<'_>,
    change: Change,
) -> Result<(), AppError> {
    let Actor::Asking(admin) = actor else { return Ok(database::commit(transaction).await?) };
    let tried = audit::store::last_by(&transaction, admin.account_id).await?;
    database::rollback(transaction).await?;
    let tried = tried.ok_or_else(|| Error::broken("a change that was asked for is not recorded"))?;
    let (id, now) = (Uuid::now_v7(), core.clock.now());
    let plain = serde_json::to_string(&change).map_err(internal)?;
    let request = Model {
        id,
        account_id: admin.account_id,
        asker: admin.email.clone(),
        action: tried.action.as_str().to_owned(),
        about: tried.subject,
        details: tried.details,
        change: core.vault.seal(&place(id), &plain).map_err(internal)?,
        asked_at: now,
        expires_at: now + LIFETIME,
    };
    let transaction = database::begin(&core.db).await?;
    let event = Event::new(Action::ApprovalAsked, Actor::Session(admin)).with(text_of(&request));
    alert::record(&transaction, core, event).await?;
    store::insert(&transaction, request).await?;
    database::commit(transaction).await?;
    Err(AppError::AwaitsApproval)
}

/// The change that a request holds, exactly as it was asked for.
///
/// # Errors
/// When it was sealed with a key that is lost, or by another version.
pub async fn change_of(db: &impl ConnectionTrait, core: &Core, request: &Model) -> Result<Change, Error> {
    let plain = core.vault.open_sealed(db, &place(request.id), &request.change).await?;
    Ok(serde_json::from_str(&plain)?)
}

/// What a request is about, in one line.
pub fn text_of(request: &Model) -> String {
    // The audit log speaks English, whoever reads it.
    let name = Language::En.speak(|| action_name(&request.action));
    let more: Vec<_> = [&request.about, &request.details].into_iter().flatten().map(String::as_str).collect();
    if more.is_empty() { name } else { format!("{name}: {}", more.join(", ")) }
}

/// What a sealed change is bound to.
fn place(id: Uuid) -> String {
    format!("approval_request:{id}")
}
