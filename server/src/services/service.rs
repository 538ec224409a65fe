//! The rules of service providers.

use super::{
    day, sms,
    smtp::{checked, put_smtp, smtp_form, target},
    store,
};
use crate::{
    audit::{self, Actor, Event},
    challenge::trail,
    core::Core,
    entity::{service_provider, stored::Stored},
    entries::requirement,
    error::internal,
    offers::{
        self,
        provider::{mail_by, place, smtp_settings},
    },
    outbox::{alert, breaker},
    platform::{database, secret::Secret},
    providers::{Mail, PAGE, passkey::Passkeys, smtp::token::Tokens, while_watched},
    requests::{self, change::Change},
    rules, sessions, templates,
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::message::test_message,
    error::{AppError, Problem, Refusal},
    login::types::Audience,
    ports::Deleted,
    services::{
        day::ProviderDay,
        names::channel_name,
        port::ServicesPort,
        sms::{SmsForm, SmsService, Vendor},
        types::{AnyService, Channel, PlainService, Service, SmtpForm, SmtpService},
    },
    validate::{self, TITLE_MAX},
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::sync::Arc;
use uuid::Uuid;

/// Service providers.
pub struct Services(pub Arc<Core>);

#[async_trait]
impl ServicesPort for Services {
    async fn list(&self) -> Result<Vec<Service>, AppError> {
        let all = store::all(&self.0.db).await?;
        all.into_iter()
            .map(|row| {
                let kind = row.kind.0;
                let target = match kind {
                    Channel::Smtp => Some(target(&smtp_settings(&row)?)),
                    Channel::Sms => Some(offers::provider::sms_settings(&row)?.via.target()),
                    Channel::Authenticator | Channel::Passkey => None,
                };
                Ok(Service { id: row.id, kind, title: row.title, target, active: row.active })
            })
            .collect()
    }

    async fn new_smtp(&self) -> Result<SmtpService, AppError> {
        let mut form = self.0.smtp_defaults.clone();
        form.title = self.free_title("SMTP").await?;
        form.from_name = self.0.brand.name();
        Ok(SmtpService { form, password_set: false, client_set: false, active: true, enrolled: 0 })
    }

    async fn new_plain(&self, kind: Channel) -> Result<AnyService, AppError> {
        let title = self.free_title(&channel_name(plain(kind)?)).await?;
        Ok(AnyService::Plain(self.plain(kind, title, true, 0)))
    }

    async fn get(&self, id: Uuid) -> Result<AnyService, AppError> {
        let row = self.row(id).await?;
        let enrolled = store::count_enrolled(&self.0.db, id).await?;
        let enrolled = u32::try_from(enrolled).unwrap_or(u32::MAX);
        let kind = row.kind.0;
        if kind == Channel::Sms {
            return sms::shown(row, enrolled).map(AnyService::Sms);
        }
        if kind != Channel::Smtp {
            return Ok(AnyService::Plain(self.plain(kind, row.title, row.active, enrolled)));
        }
        let by_token = smtp_settings(&row)?.sign_in.by_token();
        Ok(AnyService::Smtp(SmtpService {
            form: smtp_form(&row)?,
            password_set: row.secret.is_some() && !by_token,
            client_set: row.secret.is_some() && by_token,
            active: row.active,
            enrolled,
        }))
    }

    async fn day(&self, id: Uuid) -> Result<ProviderDay, AppError> {
        self.row(id).await?;
        day::of(&self.0, id).await
    }

    async fn save_smtp(&self, admin: &Session, id: Option<Uuid>, form: &SmtpForm) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        // A new one may get messages as well, where others fail.
        let actor = requests::service::actor(admin, true);
        put_smtp(&transaction, &self.0, actor, id, form).await?;
        let change = Change::Smtp { id, form: Box::new(form.clone()) };
        requests::service::settle(&self.0, transaction, actor, change).await
    }

    async fn save_plain(&self, admin: &Session, id: Option<Uuid>, kind: Channel, title: &str) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        put_plain(&transaction, &self.0, Actor::Session(admin), id, kind, title).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn test_smtp(&self, admin: &Session, id: Option<Uuid>, form: &SmtpForm) -> Result<(), AppError> {
        let stored = stored(&self.0.db, id, Channel::Smtp).await?;
        let (title, settings, secret) = checked(&self.0.db, &self.0, stored.as_ref(), form).await?;
        let text = test_message(admin.reads(), &self.0.brand.name(), &title);
        let text = templates::render(&self.0.db, &self.0, &text).await?;
        let logo = self.0.brand.logo();
        let mail = Mail {
            id: Uuid::now_v7(),
            written_at: self.0.clock.now(),
            worth: PAGE,
            to: &admin.email,
            text: &text,
            logo: logo.as_deref(),
        };
        // What is typed is tried out, and not what was fetched by what is stored.
        let tokens = Tokens::new(self.0.reach.clone());
        let sending = async { mail_by(&self.0, &tokens, &settings, secret.as_ref(), &mail).await.sent };
        let sent = while_watched(sending).await;
        let event = trail::tried(Action::ServiceTested, Actor::Session(admin), target(&settings), &sent);
        audit::record(&self.0.db, &self.0, event.to(&title)).await?;
        sent.map_err(|failure| AppError::refused(Refusal::NotDelivered(failure)))
    }

    async fn new_sms(&self, vendor: Vendor) -> Result<SmsService, AppError> {
        self.new_sms_form(vendor).await
    }

    async fn save_sms(&self, admin: &Session, id: Option<Uuid>, form: &SmsForm) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        let actor = requests::service::actor(admin, true);
        sms::put_sms(&transaction, &self.0, actor, id, form).await?;
        let change = Change::Sms { id, form: Box::new(form.clone()) };
        requests::service::settle(&self.0, transaction, actor, change).await
    }

    async fn test_sms(&self, admin: &Session, id: Option<Uuid>, form: &SmsForm) -> Result<(), AppError> {
        self.send_test_text(admin, id, form).await
    }

    async fn check_stop(&self, id: Uuid) -> Result<u32, AppError> {
        // Tried, and never committed.
        let transaction = database::begin_alone(&self.0.db).await?;
        if !store::set_active(&transaction, id, false).await? {
            return Err(AppError::NotFound);
        }
        requirement::check_provable(&transaction).await?;
        requirement::check_way_in(&transaction).await?;
        let accounts = store::count_enrolled(&transaction, id).await?;
        Ok(u32::try_from(accounts).unwrap_or(u32::MAX))
    }

    async fn set_active(&self, admin: &Session, id: Uuid, active: bool) -> Result<(), AppError> {
        let transaction = database::begin_alone(&self.0.db).await?;
        let actor = requests::service::actor(admin, !active);
        switch(&transaction, &self.0, actor, id, active).await?;
        requests::service::settle(&self.0, transaction, actor, Change::StopProvider(id)).await
    }

    async fn delete(&self, admin: &Session, id: Uuid, confirmed: bool) -> Result<Deleted, AppError> {
        check_unused(&self.0.db, &self.0, id).await?;
        self.row(id).await?;
        if !confirmed {
            return Ok(Deleted::NeedsConfirmation);
        }
        let transaction = database::begin(&self.0.db).await?;
        let actor = requests::service::actor(admin, true);
        remove(&transaction, &self.0, actor, id).await?;
        requests::service::settle(&self.0, transaction, actor, Change::DeleteProvider(id)).await?;
        Ok(Deleted::Done)
    }
}

/// Allows or stops the use of a provider, within a transaction that is alone.
///
/// # Errors
/// `NotFound`; where stopping it would lock administrators out.
pub async fn switch(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Uuid,
    active: bool,
) -> Result<(), AppError> {
    put_active(db, core, actor, id, active).await?;
    requirement::check_provable(db).await?;
    if !active {
        requirement::check_way_in(db).await?;
    }
    Ok(())
}

/// Removes a provider that nothing uses.
///
/// # Errors
/// `NotFound`, `InUse`, `InUseToRestore`.
pub async fn remove(db: &DatabaseTransaction, core: &Core, actor: Actor<'_>, id: Uuid) -> Result<(), AppError> {
    check_unused(db, core, id).await?;
    let title = offers::store::provider(db, id).await?.ok_or(AppError::NotFound)?.title;
    if !store::delete(db, id).await? {
        return Err(AppError::NotFound);
    }
    alert::record(db, core, Event::new(Action::ServiceDeleted, actor).to(&title)).await
}

/// Refuses to delete a provider that a secondary auth uses, or needs to come back.
async fn check_unused(db: &impl ConnectionTrait, core: &Core, id: Uuid) -> Result<(), AppError> {
    if let Some(auth) = store::offered_by(db, id).await? {
        return Err(AppError::refused(Refusal::InUse { by: auth.title }));
    }
    if let Some(auth) = offers::deleted::of_provider(db, id, core.clock.now()).await? {
        return Err(AppError::refused(Refusal::InUseToRestore { by: auth.title }));
    }
    Ok(())
}

impl Services {
    async fn row(&self, id: Uuid) -> Result<service_provider::Model, AppError> {
        offers::store::provider(&self.0.db, id).await?.ok_or(AppError::NotFound)
    }

    /// The form of a provider that has nothing but a title.
    fn plain(&self, kind: Channel, title: String, active: bool, enrolled: u32) -> PlainService {
        let passkeys = Passkeys::of(&self.0.public_url, &self.0.brand.name());
        PlainService { kind, title, active, enrolled, passkeys_at: passkeys.map(|site| site.origin().to_owned()) }
    }

    /// "SMTP", or "SMTP 2" and so on where that is taken.
    pub(super) async fn free_title(&self, name: &str) -> Result<String, AppError> {
        let taken: Vec<_> = store::all(&self.0.db).await?.into_iter().map(|row| row.title).collect();
        let mut titles = (1..).map(|n| if n == 1 { name.to_owned() } else { format!("{name} {n}") });
        titles.find(|title| !taken.contains(title)).ok_or_else(|| internal("no title is free"))
    }
}

/// What a form says about a provider.
pub(super) struct Content {
    pub(super) kind: Channel,
    pub(super) title: String,
    /// As JSON.
    pub(super) settings: String,
    /// Not encrypted yet.
    pub(super) secret: Option<Secret>,
    /// The same in a few words for the audit log, without the secret.
    pub(super) about: String,
}

/// Stores a new provider through which nothing is sent, or changes its title, in the same way.
///
/// # Errors
/// `Invalid` with the field `title`.
pub async fn put_plain(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Option<Uuid>,
    kind: Channel,
    title: &str,
) -> Result<Uuid, AppError> {
    let stored = stored(db, id, plain(kind)?).await?;
    let title = validate::line(title, TITLE_MAX).map_err(|problem| AppError::field("title", problem))?;
    let about = kind.as_str().to_owned();
    put(db, core, actor, stored, Content { kind, title, settings: "{}".to_owned(), secret: None, about }).await
}

/// Allows or stops the use of a provider, within a transaction. Whether that locks anybody out, the caller asks
/// afterwards.
///
/// # Errors
/// `NotFound`.
pub async fn put_active(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Uuid,
    active: bool,
) -> Result<(), AppError> {
    let before = offers::store::provider(db, id).await?.ok_or(AppError::NotFound)?;
    let title = before.title;
    store::set_active(db, id, active).await?;
    breaker::begin_anew(db, id).await?;
    if active && !before.active {
        // The password alone let people in meanwhile; from now on there is a code to ask for.
        for audience in Audience::ALL {
            if rules::policies::is_allowed(db, audience).await? {
                sessions::store::end_unproved(db, audience, actor.session_id()).await?;
            }
        }
    }
    let event = Event::new(Action::ServiceSwitched, actor).to(&title);
    alert::record(db, core, event.with(if active { "active" } else { "inactive" })).await
}

/// The stored provider that a form changes, which stays what it is.
pub(super) async fn stored(
    db: &impl ConnectionTrait,
    id: Option<Uuid>,
    kind: Channel,
) -> Result<Option<service_provider::Model>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let row = offers::store::provider(db, id).await?.ok_or(AppError::NotFound)?;
    if row.kind.0 == kind { Ok(Some(row)) } else { Err(AppError::NotFound) }
}

/// Stores a new provider or a changed one, under a title of its own.
pub(super) async fn put(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    stored: Option<service_provider::Model>,
    content: Content,
) -> Result<Uuid, AppError> {
    let Content { kind, title, settings, secret, about } = content;
    let same_title = store::by_title(db, &title).await?;
    if same_title.is_some_and(|other| Some(other.id) != stored.as_ref().map(|row| row.id)) {
        return Err(AppError::field("title", Problem::Taken));
    }
    let id = stored.as_ref().map_or_else(Uuid::now_v7, |row| row.id);
    let seal = |secret: Secret| core.vault.seal(&place(id), &secret).map_err(internal);
    let secret = secret.map(seal).transpose()?;
    let details = format!("{}, {about}", if stored.is_some() { "changed" } else { "added" });
    match stored {
        Some(row) => {
            let redirected_at = if settings == row.settings { row.redirected_at } else { Some(core.clock.now()) };
            let row = service_provider::Model { title: title.clone(), settings, secret, redirected_at, ..row };
            breaker::begin_anew(db, id).await?;
            store::update(db, row).await
        }
        None => {
            let row = service_provider::Model {
                id,
                kind: Stored(kind),
                title: title.clone(),
                settings,
                secret,
                active: true,
                created_at: core.clock.now(),
                redirected_at: None,
            };
            store::insert(db, row).await
        }
    }?;
    let event = Event::new(Action::ServiceSaved, actor).to(&title).with(details);
    alert::record(db, core, event).await?;
    Ok(id)
}

/// A kind that has a title and nothing else to set.
fn plain(kind: Channel) -> Result<Channel, AppError> {
    match kind {
        Channel::Authenticator | Channel::Passkey => Ok(kind),
        Channel::Smtp | Channel::Sms => Err(AppError::NotFound),
    }
}

/// A host where a provider may be.
pub(super) fn host(core: &Core, typed: &str) -> Result<String, Problem> {
    let host = validate::host(typed)?;
    core.reach.check_host(&host)?;
    Ok(host)
}
