//! The rules of changing one's own address: a link proves the new one, and both are told.

use crate::{
    accounts::store,
    audit::{self, Actor, Event},
    begun,
    core::Core,
    entity::{account, email_key::EmailKey, link::LinkPurpose},
    error::internal,
    links::{self, service::NewLink},
    outbox::{
        notice::{Addressee, announce},
        service::{Outgoing, enqueue},
    },
    platform::{database, throttle},
};
use app::{
    account::{message::email_change_message, types::NewEmail},
    audit::types::Action,
    caller::{Origin, Session},
    configuration::types::Setting,
    delivery::notice::Notice,
    delivery::types::MessageKind,
    error::{AppError, Problem, Refusal},
    login::types::Audience,
    validate,
};
use sea_orm::DatabaseTransaction;

/// How many links an account may ask for, and how many may go to one address, in the window below.
const MESSAGES: i32 = 5;
/// That window, in seconds.
const WINDOW: i64 = 3_600;

/// Sends a link to the new address. Where another account has it, that account is told instead; the answer is the same
/// (ASVS 6.3.8).
pub async fn ask(core: &Core, session: &Session, email: &str) -> Result<(), AppError> {
    let refused = |problem| AppError::field("new_email", problem);
    let email = validate::email(email).map_err(refused)?;
    let key = EmailKey::of(&email);
    if key == EmailKey::of(&session.email) {
        return Err(refused(Problem::Unchanged));
    }
    check_limits(core, session, &key).await?;
    let lifetime = session.rules.seconds(Setting::ResetMinutes);
    let transaction = database::begin(&core.db).await?;
    match store::by_email(&transaction, session.audience, &key).await? {
        Some(owner) => announce(&transaction, core, &owner, None, Notice::AddressInUse).await?,
        None => send_link(&transaction, core, session, &email, lifetime).await?,
    }
    let event = Event::new(Action::EmailChangeAsked, Actor::Session(session));
    audit::record(&transaction, core, event.to_account(session.account_id, &session.email).with(&email)).await?;
    Ok(database::commit(transaction).await?)
}

async fn check_limits(core: &Core, session: &Session, email: &EmailKey) -> Result<(), AppError> {
    let now = core.clock.now();
    let destination = core.vault.keyed_hash(&["destination", email.as_str()]);
    for key in [format!("email-change:{}", session.account_id), format!("email-change-to:{destination}")] {
        if throttle::count(&core.db, &key, now, WINDOW).await? > MESSAGES {
            let minutes = u32::try_from(WINDOW / 60).unwrap_or_default();
            return Err(AppError::refused(Refusal::TooManyMessages { minutes }));
        }
    }
    Ok(())
}

async fn send_link(
    db: &DatabaseTransaction,
    core: &Core,
    session: &Session,
    email: &str,
    lifetime: i64,
) -> Result<(), AppError> {
    // A link to another address that was asked for before is not wanted any more.
    links::store::remove_of_account(db, session.account_id, LinkPurpose::EmailChange).await?;
    let new = NewLink {
        purpose: LinkPurpose::EmailChange,
        account_id: Some(session.account_id),
        audience: session.audience,
        email: Some(email),
        name: None,
        lifetime,
    };
    let token = links::service::issue(db, core, &new).await?;
    let link = core.link(&format!("/email/{token}"));
    let text = email_change_message(
        session.reads(),
        &core.brand.name(),
        &link,
        u32::try_from(lifetime / 60).unwrap_or_default(),
    );
    let message = Outgoing {
        kind: MessageKind::EmailChange,
        account_id: Some(session.account_id),
        to: email,
        text: &text,
        lifetime,
    };
    enqueue(db, core, &message).await.map(|_| ())
}

/// What a link is about.
pub async fn link(core: &Core, token: &str) -> Result<NewEmail, AppError> {
    let link = links::service::living(&core.db, core, LinkPurpose::EmailChange, token).await?;
    let audience = link.audience.0;
    Ok(NewEmail { email: link.email.ok_or_else(|| internal("a link to an address without one"))?, audience })
}

/// Changes the address. Every link that went to the old one dies.
pub async fn confirm(core: &Core, origin: &Origin, token: &str) -> Result<Audience, AppError> {
    let dead = || AppError::refused(Refusal::LinkDead);
    let transaction = database::begin(&core.db).await?;
    let link = links::service::consume(&transaction, core, LinkPurpose::EmailChange, token).await?;
    let audience = link.audience.0;
    let (id, email) = link.account_id.zip(link.email).ok_or_else(|| internal("a link to an address without one"))?;
    let account = store::by_id(&transaction, id).await?;
    let account: account::Model = account.filter(|account| account.disabled_at.is_none()).ok_or_else(dead)?;
    if store::by_email(&transaction, audience, &EmailKey::of(&email)).await?.is_some() {
        return Err(dead());
    }
    store::set_name_and_email(&transaction, id, &account.name, &email).await?;
    begun::end(&transaction, id, core.clock.now()).await?;
    let event = Event::new(Action::EmailChanged, Actor::Account(&account, origin));
    let details = format!("from {} to {}", account.email, email);
    audit::record(&transaction, core, event.to_account(id, &email).with(details)).await?;
    announce(&transaction, core, &account, Some(origin), Notice::EmailChanged).await?;
    let new = Addressee { email: &email, ..Addressee::from(&account) };
    announce(&transaction, core, new, Some(origin), Notice::EmailIsNew).await?;
    database::commit(transaction).await?;
    Ok(audience)
}
