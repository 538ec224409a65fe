//! What administrators do to what protects everybody: recorded, and told to all administrators by mail, so that one of
//! them whose session is in other hands is noticed by the others (ASVS 6.3.7).

use super::service::{NOTICE_LIFETIME, Outgoing, enqueue_by};
use crate::{
    accounts,
    audit::{self, Actor, Event},
    core::Core,
    offers,
    platform::clock::minute_text,
};
use app::{
    audit::types::Action,
    delivery::{
        message::{Change, MessageText, change_message},
        types::MessageKind,
    },
    error::AppError,
    language::types::Language,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Records an event and, where somebody who is signed in did it, tells all active administrators. Commands and the
/// server itself are recorded only. Within a transaction all of it is kept or lost.
pub async fn record(db: &impl ConnectionTrait, core: &Core, event: Event<'_>) -> Result<(), AppError> {
    if let Actor::Session(session) = event.actor() {
        let (about, details) = event.about();
        let write = |language| {
            change_message(&Change {
                language,
                brand: &core.brand.name(),
                what: event.action(),
                asks: event.action() == Action::ApprovalAsked,
                about,
                details,
                who: &session.email,
                address: &session.origin.address.to_string(),
                time: &minute_text(core.clock.now()),
            })
        };
        tell(db, core, &write).await?;
    }
    audit::record(db, core, event).await
}

/// Tells all active administrators, each in the language that he has chosen.
pub async fn tell(
    db: &impl ConnectionTrait,
    core: &Core,
    write: &(dyn Fn(Language) -> MessageText + Sync),
) -> Result<(), AppError> {
    let provider = offers::store::steadiest_mail_provider(db).await?.map(|provider| provider.id);
    tell_by(db, core, write, provider).await
}

/// The same by a provider.
pub(super) async fn tell_by(
    db: &impl ConnectionTrait,
    core: &Core,
    write: &(dyn Fn(Language) -> MessageText + Sync),
    provider: Option<Uuid>,
) -> Result<(), AppError> {
    for admin in accounts::store::active_admins(db).await? {
        // Who did it may speak another language.
        let text = write(admin.reads(Language::En));
        let (account_id, to, lifetime) = (Some(admin.id), admin.email.as_str(), NOTICE_LIFETIME);
        let message = Outgoing { kind: MessageKind::Notice, account_id, to, text: &text, lifetime };
        enqueue_by(db, core, &message, provider).await?;
    }
    Ok(())
}
