//! The rules of invitations: the address is proved by the link, and the account exists only once it was accepted.

use super::store;
use crate::{
    account::service::{NewAccount, prepare},
    accounts,
    audit::{self, Actor, Event},
    core::Core,
    entity::{
        email_key::EmailKey,
        link::{self, LinkPurpose},
    },
    error::Error,
    links::{
        self,
        service::{NewLink, consume, issue, living},
    },
    offers,
    outbox::service::{Outgoing, enqueue},
    platform::{clock::minute_text, database},
    requests::{self, change::Change},
    rules::{rules, rules_in},
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    configuration::types::Setting,
    delivery::types::MessageKind,
    error::{AppError, Problem, Refusal},
    invitation::{
        message::invitation_message,
        port::InvitationPort,
        types::{Invitation, Invited, Pending, Ready},
    },
    login::types::Audience,
    validate::{self, Check, PASSWORD_MIN, PASSWORD_MIN_ALONE, TITLE_MAX},
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;

/// As many pending invitations are listed.
const LISTED: usize = 100;

/// Invitations.
pub struct Invitations(pub Arc<Core>);

#[async_trait]
impl InvitationPort for Invitations {
    async fn ready(&self) -> Result<Ready, AppError> {
        Ok(Ready { mail: can_send(&self.0.db).await?, hours: rules(&self.0).await?.get(Setting::InvitationHours) })
    }

    async fn pending(&self, audience: Audience) -> Result<Pending, AppError> {
        let (now, limit) = (self.0.clock.now(), LISTED as u64 + 1);
        let mut links = store::newest(&self.0.db, audience, now, limit).await?;
        let more = links.len() > LISTED;
        links.truncate(LISTED);
        let shown = |link: link::Model| -> Result<Invitation, Error> {
            let (sent, expires) = (minute_text(link.created_at), minute_text(link.expires_at));
            let (name, email) = link.new_account()?;
            Ok(Invitation { name, email, sent, expires })
        };
        Ok(Pending { invitations: links.into_iter().map(shown).collect::<Result<_, _>>()?, more })
    }

    async fn invite(&self, admin: &Session, audience: Audience, name: &str, email: &str) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        // A new administrator could approve what waits.
        let actor = requests::service::actor(admin, audience == Audience::Admin);
        invite(&transaction, &self.0, actor, audience, name, email).await?;
        let asked = Change::InviteAdmin { name: name.to_owned(), email: email.to_owned() };
        requests::service::settle(&self.0, transaction, actor, asked).await
    }

    async fn send_again(&self, admin: &Session, audience: Audience, email: &str) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        let link = self.of_address(&transaction, audience, email).await?;
        let (name, email) = link.new_account()?;
        send(&transaction, &self.0, Actor::Session(admin), audience, (&name, &email)).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn take_back(&self, admin: &Session, audience: Audience, email: &str) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        let (_, email) = self.of_address(&transaction, audience, email).await?.new_account()?;
        links::store::remove_of(&transaction, LinkPurpose::Invitation, audience, Some(&email)).await?;
        record(&transaction, &self.0, Actor::Session(admin), audience, &email, "taken back").await?;
        Ok(database::commit(transaction).await?)
    }

    async fn invited(&self, token: &str) -> Result<Invited, AppError> {
        let link = living(&self.0.db, &self.0, LinkPurpose::Invitation, token).await?;
        let audience = link.audience.0;
        // A new administrator has no second factor yet.
        let password_min = if audience == Audience::Admin { PASSWORD_MIN_ALONE } else { PASSWORD_MIN };
        let (name, email) = link.new_account()?;
        Ok(Invited { audience, name, email, password_min })
    }

    async fn accept(&self, origin: &Origin, token: &str, password: &str) -> Result<Audience, AppError> {
        let core = &self.0;
        let link = living(&core.db, core, LinkPurpose::Invitation, token).await?;
        let audience = link.audience.0;
        let (name, email) = link.new_account()?;
        let new = NewAccount { audience, email: &email, name: &name, password };
        let model = prepare(core, &new).await?;
        let transaction = database::begin(&core.db).await?;
        consume(&transaction, core, LinkPurpose::Invitation, token).await?;
        if accounts::store::by_email(&transaction, audience, &model.email_key).await?.is_some() {
            // Somebody created it in another way meanwhile.
            return Err(AppError::refused(Refusal::LinkDead));
        }
        let event = Event::new(Action::AccountCreated, Actor::Stranger(origin)).to_account(model.id, &model.email);
        audit::record(&transaction, core, event.with(format!("{}, by invitation", audience.as_str()))).await?;
        accounts::store::insert(&transaction, model).await?;
        database::commit(transaction).await?;
        Ok(audience)
    }
}

impl Invitations {
    async fn of_address(
        &self,
        db: &DatabaseTransaction,
        audience: Audience,
        email: &str,
    ) -> Result<link::Model, AppError> {
        let found = store::of_address(db, audience, &EmailKey::of(email), self.0.clock.now()).await?;
        found.ok_or(AppError::NotFound)
    }
}

async fn can_send(db: &impl ConnectionTrait) -> Result<bool, AppError> {
    Ok(offers::store::first_mail_provider(db).await?.is_some())
}

/// Invites somebody, within a transaction.
///
/// # Errors
/// `Invalid` for `name` and `email`, `NoMail`.
pub async fn invite(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    name: &str,
    email: &str,
) -> Result<(), AppError> {
    let mut check = Check::default();
    let name = check.take("name", validate::line(name, TITLE_MAX));
    let email = check.take("email", validate::email(email));
    check.done()?;
    // In the one spelling, so that nobody is invited twice.
    let key = EmailKey::of(&email);
    if accounts::store::by_email(db, audience, &key).await?.is_some() {
        return Err(AppError::field("email", Problem::Taken));
    }
    send(db, core, actor, audience, (&name, key.as_str())).await
}

/// Makes the link, which replaces an older one, and hands the message to the outbox.
async fn send(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    (name, email): (&str, &str),
) -> Result<(), AppError> {
    if !can_send(db).await? {
        return Err(AppError::refused(Refusal::NoMail));
    }
    let lifetime = rules_in(db).await?.seconds(Setting::InvitationHours);
    let new = NewLink {
        purpose: LinkPurpose::Invitation,
        account_id: None,
        audience,
        email: Some(email),
        name: Some(name),
        lifetime,
    };
    let token = issue(db, core, &new).await?;
    let expires = minute_text(core.clock.now() + lifetime);
    let link = core.link(&format!("/invitation/{token}"));
    let text = invitation_message(actor.language(), &core.brand.name(), name, &link, &expires);
    let message = Outgoing { kind: MessageKind::Invitation, account_id: None, to: email, text: &text, lifetime };
    enqueue(db, core, &message).await?;
    record(db, core, actor, audience, email, "sent").await
}

async fn record(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    audience: Audience,
    email: &str,
    what: &str,
) -> Result<(), AppError> {
    let event = Event::new(Action::AccountInvited, actor).to(email);
    audit::record(db, core, event.with(format!("{}, {what}", audience.as_str()))).await
}
