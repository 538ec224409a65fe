//! The rules of a forgotten password: a link goes to the account's address, and leads to a new password.

use crate::{
    account, accounts,
    audit::{self, Actor, Event},
    begun,
    core::Core,
    devices,
    entity::{
        account as account_row,
        email_key::EmailKey,
        link::{self, LinkPurpose},
    },
    links::service::{self as links, NewLink},
    login::unfinished,
    outbox::{
        notice::announce,
        service::{Outgoing, enqueue},
    },
    platform::{database, passwords, throttle},
    rules, sessions,
};
use app::{
    audit::types::Action,
    caller::Origin,
    configuration::types::Setting,
    delivery::notice::Notice,
    delivery::types::MessageKind,
    error::{AppError, Refusal},
    language::types::Language,
    login::types::Audience,
    password::{
        message::reset_message,
        port::{PasswordPort, PasswordSet},
        types::ResetLink,
    },
    validate,
};
use async_trait::async_trait;
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use uuid::Uuid;

/// How many links the strangers of one network, or a known browser, have sent to one address in the window below.
pub const LINKS: i32 = 5;
/// How many links one address is sent in all in the window below.
pub const LINKS_IN_ALL: i32 = 20;
/// That window, in seconds.
pub const LINKS_WINDOW: i64 = 3_600;
/// How often one client may ask in the window below.
pub const ASKED_PER_ADDRESS: i32 = 20;
/// That window, in seconds.
pub const ADDRESS_WINDOW: i64 = 900;

/// A new password for somebody who forgot the old one.
pub struct ForgottenPasswords(pub Arc<Core>);

#[async_trait]
impl PasswordPort for ForgottenPasswords {
    /// Does the same for every address, down to the statements, and takes the link and its message back where nobody
    /// is to receive them: neither the answer nor its time tells whether there is such an account (ASVS 6.3.8).
    async fn ask_reset(&self, origin: &Origin, audience: Audience, email: &str) -> Result<(), AppError> {
        let core = &self.0;
        let now = core.clock.now();
        let email = validate::email(email).map_err(|problem| AppError::field("email", problem))?;
        let by_address = format!("reset-address:{}", origin.network());
        throttle::limit(&core.db, &by_address, now, ADDRESS_WINDOW, ASKED_PER_ADDRESS).await?;
        let lifetime = rules::rules(core).await?.seconds(Setting::ResetMinutes);
        let key = EmailKey::of(&email);
        let by_email = format!("reset:{}:{}", audience.as_str(), core.vault.keyed_hash(&["email", key.as_str()]));

        let transaction = database::begin(&core.db).await?;
        let account = accounts::store::by_email(&transaction, audience, &key).await?;
        let id = account.as_ref().map(|row| row.id);
        let browser = accounts::known::counted_by(&transaction, id, &origin.known, None, now).await?;
        let by_asker = match browser {
            Some(id) => format!("{by_email}:{id}"),
            None => format!("{by_email}@{}", origin.network()),
        };
        // Whoever asks too often does not use up what others may ask for, and costs the same statements.
        let share = throttle::count(&transaction, &by_asker, now, LINKS_WINDOW).await? <= LINKS;
        let in_all = if share { by_email } else { format!("{by_asker}!") };
        let few = throttle::count(&transaction, &in_all, now, LINKS_WINDOW).await? <= LINKS_IN_ALL && share;
        let receiver = account.as_ref().filter(|account| account.disabled_at.is_none() && few);
        let to = receiver.map_or(email.as_str(), |account| &account.email);
        let account_id = receiver.map(|account| account.id);

        let language = receiver.map_or(origin.language, |account| account.reads(origin.language));
        let letter = database::nested(&transaction).await?;
        send_link(&letter, core, language, audience, account_id, to, lifetime).await?;
        match receiver {
            Some(_) => database::commit(letter).await,
            None => database::rollback(letter).await,
        }?;

        let actor = Actor::Stranger(origin);
        let event = match receiver {
            Some(_) => Event::new(Action::PasswordResetAsked, actor),
            None => Event::failure(Action::PasswordResetAsked, actor),
        };
        let event = match &account {
            Some(account) => event.to_account(account.id, &account.email),
            None => event,
        };
        audit::record(&transaction, core, event.with(audience.as_str())).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn reset_link(&self, token: &str) -> Result<ResetLink, AppError> {
        let core = &self.0;
        let link = links::living(&core.db, core, LinkPurpose::PasswordReset, token).await?;
        let (account, audience) = account_of(&core.db, &link).await?;
        Ok(ResetLink { audience, min: account::password::min(core, account.id, audience).await?, email: account.email })
    }

    async fn set_password(&self, origin: &Origin, token: &str, password: &str) -> Result<PasswordSet, AppError> {
        let core = &self.0;
        let link = links::living(&core.db, core, LinkPurpose::PasswordReset, token).await?;
        let (account, audience) = account_of(&core.db, &link).await?;
        let min = account::password::min(core, account.id, audience).await?;
        passwords::check_new(password, min, &[&account.name, &account.email, &core.brand.name()])
            .map_err(|problem| AppError::field("password", problem))?;
        let hash = core.passwords.hash(password).await?;

        let transaction = database::begin(&core.db).await?;
        let link = links::consume(&transaction, core, LinkPurpose::PasswordReset, token).await?;
        let (account, audience) = account_of(&transaction, &link).await?;
        accounts::store::set_password_hash(&transaction, account.id, hash).await?;
        accounts::store::set_reset_by_mail(&transaction, account.id, Some(core.clock.now())).await?;
        sessions::store::end_others(&transaction, account.id, None).await?;
        devices::store::end_all(&transaction, account.id).await?;
        // Whoever knew the old password may have asked for another address.
        begun::end(&transaction, account.id, core.clock.now()).await?;
        // The tries were at the old password, and whoever forgot it has often used them up.
        accounts::password::unpause(&transaction, core, &account).await?;
        accounts::known::forget_all(&transaction, account.id).await?;
        let event = Event::new(Action::PasswordReset, Actor::Account(&account, origin));
        audit::record(&transaction, core, event.to_account(account.id, &account.email)).await?;
        unfinished::forget(&transaction, account.id).await?;
        announce(&transaction, core, &account, Some(origin), Notice::PasswordChanged).await?;
        let known = accounts::known::remember(&transaction, core, account.id, &origin.known).await?;
        database::commit(transaction).await?;
        Ok(PasswordSet { audience, known })
    }
}

/// Sends a link for a new password. The one that was sent before dies.
pub async fn send_link(
    db: &impl ConnectionTrait,
    core: &Core,
    language: Language,
    audience: Audience,
    account_id: Option<Uuid>,
    to: &str,
    lifetime: i64,
) -> Result<(), AppError> {
    let purpose = LinkPurpose::PasswordReset;
    let new = NewLink { purpose, account_id, audience, email: Some(to), name: None, lifetime };
    let token = links::issue(db, core, &new).await?;
    let minutes = u32::try_from(lifetime / 60).unwrap_or_default();
    let text = reset_message(language, &core.brand.name(), &core.link(&format!("/password/{token}")), minutes);
    let message = Outgoing { kind: MessageKind::PasswordReset, account_id, to, text: &text, lifetime };
    enqueue(db, core, &message).await.map(|_| ())
}

/// The account of a link, as long as it is not disabled and still has the address that the link was sent to.
async fn account_of(db: &impl ConnectionTrait, link: &link::Model) -> Result<(account_row::Model, Audience), AppError> {
    let dead = || AppError::refused(Refusal::LinkDead);
    let account = accounts::store::by_id(db, link.account_id.ok_or_else(dead)?).await?;
    let account =
        account.filter(|account| account.disabled_at.is_none() && Some(&account.email) == link.email.as_ref());
    let audience = link.audience.0;
    Ok((account.ok_or_else(dead)?, audience))
}
