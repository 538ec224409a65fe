//! The rules of registration: a link goes to the address, and whoever receives it creates the account.

use crate::{
    account::service::{NewAccount, prepare},
    accounts,
    audit::{self, Actor, Event},
    core::Core,
    entity::{email_key::EmailKey, link::LinkPurpose},
    links::service::{self as links, NewLink},
    outbox::service::{Outgoing, enqueue},
    platform::{database, throttle},
    rules::{Rules, rules},
};
use app::{
    audit::types::Action,
    caller::Origin,
    configuration::types::Setting,
    delivery::types::MessageKind,
    error::{AppError, Refusal},
    login::types::Audience,
    registration::{
        message::{known_message, registration_message},
        port::RegistrationPort,
        types::RegistrationLink,
    },
    validate::{self, Check, TITLE_MAX},
};
use async_trait::async_trait;
use std::sync::Arc;

/// How many messages the strangers of one network have sent to one address in the window below.
pub const MESSAGES: i32 = 3;
/// How many messages one address is sent in all in the window below.
pub const MESSAGES_IN_ALL: i32 = 10;
/// How often one client may register in the window below.
pub const ASKED_PER_ADDRESS: i32 = 10;
/// The window of both, in seconds.
pub const WINDOW: i64 = 3_600;

/// Customers register by themselves.
pub struct Registrations(pub Arc<Core>);

#[async_trait]
impl RegistrationPort for Registrations {
    async fn is_open(&self) -> Result<bool, AppError> {
        Ok(rules(&self.0).await?.is_on(Setting::SelfRegistration))
    }

    /// Does the same for every address, down to the statements: a known one gets a message too, and its link is one
    /// that nobody receives. Where an address has had its messages, all of it is taken back.
    async fn register(&self, origin: &Origin, name: &str, email: &str) -> Result<(), AppError> {
        let core = &self.0;
        let lifetime = self.open_rules().await?.seconds(Setting::ResetMinutes);
        let now = core.clock.now();
        let mut check = Check::default();
        let name = check.take("name", validate::line(name, TITLE_MAX));
        let email = check.take("email", validate::email(email));
        check.done()?;
        let by_address = format!("register-address:{}", origin.network());
        throttle::limit(&core.db, &by_address, now, WINDOW, ASKED_PER_ADDRESS).await?;
        let key = EmailKey::of(&email);
        let by_email = format!("register:{}", core.vault.keyed_hash(&["email", key.as_str()]));

        let audience = Audience::Customer;
        let transaction = database::begin(&core.db).await?;
        let account = accounts::store::by_email(&transaction, audience, &key).await?;
        let by_asker = format!("{by_email}@{}", origin.network());
        // Whoever asks too often does not use up what others may ask for, and costs the same statements.
        let share = throttle::count(&transaction, &by_asker, now, WINDOW).await? <= MESSAGES;
        let in_all = if share { by_email } else { format!("{by_asker}!") };
        let few = throttle::count(&transaction, &in_all, now, WINDOW).await? <= MESSAGES_IN_ALL && share;
        let (account_id, to) = match &account {
            Some(account) => (Some(account.id), account.email.as_str()),
            None => (None, email.as_str()),
        };
        let letter = database::nested(&transaction).await?;
        let new = NewLink {
            purpose: LinkPurpose::Registration,
            account_id: None,
            audience,
            email: Some(to),
            name: Some(&name),
            lifetime,
        };
        let token = links::issue(&letter, core, &new).await?;
        let minutes = u32::try_from(lifetime / 60).unwrap_or_default();
        let text = match &account {
            Some(account) => known_message(account.reads(origin.language), &core.brand.name()),
            None => registration_message(
                origin.language,
                &core.brand.name(),
                &core.link(&format!("/register/{token}")),
                minutes,
            ),
        };
        enqueue(&letter, core, &Outgoing { kind: MessageKind::Registration, account_id, to, text: &text, lifetime })
            .await?;
        if few { database::commit(letter).await } else { database::rollback(letter).await }?;
        Ok(database::commit(transaction).await?)
    }

    async fn link(&self, token: &str) -> Result<RegistrationLink, AppError> {
        self.open_rules().await?;
        let link = links::living(&self.0.db, &self.0, LinkPurpose::Registration, token).await?;
        let (name, email) = link.new_account()?;
        Ok(RegistrationLink { name, email })
    }

    async fn finish(&self, origin: &Origin, token: &str, password: &str) -> Result<(), AppError> {
        let core = &self.0;
        self.open_rules().await?;
        let link = links::living(&core.db, core, LinkPurpose::Registration, token).await?;
        let (name, email) = link.new_account()?;
        let new = NewAccount { audience: Audience::Customer, email: &email, name: &name, password };
        let model = prepare(core, &new).await?;

        let transaction = database::begin(&core.db).await?;
        links::consume(&transaction, core, LinkPurpose::Registration, token).await?;
        // It may have been created in another way meanwhile.
        if accounts::store::by_email(&transaction, new.audience, &model.email_key).await?.is_some() {
            return Err(AppError::refused(Refusal::LinkDead));
        }
        let event = Event::new(Action::AccountRegistered, Actor::Stranger(origin)).to_account(model.id, &model.email);
        audit::record(&transaction, core, event).await?;
        accounts::store::insert(&transaction, model).await?;
        Ok(database::commit(transaction).await?)
    }
}

impl Registrations {
    /// The settings, as long as customers may register.
    async fn open_rules(&self) -> Result<Rules, AppError> {
        let rules = rules(&self.0).await?;
        if rules.is_on(Setting::SelfRegistration) { Ok(rules) } else { Err(AppError::NotFound) }
    }
}
