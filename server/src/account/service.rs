//! The rules of accounts: creating them, and the one-time set-up link.

use super::{advice, email, password, security};
use crate::{
    accounts::store,
    audit::{self, Actor, Event},
    core::Core,
    entity::{account, email_key::EmailKey, link::LinkPurpose, stored::Stored},
    links::service::{self as links, NewLink},
    platform::{database, passwords},
};
use app::{
    account::{
        port::AccountPort,
        types::{Advice, Me, NewEmail, Security},
    },
    audit::types::Action,
    caller::{Origin, Session, Stage, Token},
    configuration::types::Setting,
    error::{AppError, Problem, Refusal},
    language::types::Language,
    login::types::Audience,
    validate::{self, Check, PASSWORD_MIN, PASSWORD_MIN_ALONE, TITLE_MAX},
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use uuid::Uuid;

/// How long a set-up link works, in seconds.
const LINK_LIFETIME: i64 = 86_400;

/// Accounts.
pub struct Accounts(pub Arc<Core>);

/// What a new account consists of.
pub struct NewAccount<'a> {
    /// Whose sign-in it is for.
    pub audience: Audience,
    /// The address.
    pub email: &'a str,
    /// The person's name.
    pub name: &'a str,
    /// The password.
    pub password: &'a str,
}

#[async_trait]
impl AccountPort for Accounts {
    async fn me(&self, session: &Session) -> Result<Me, AppError> {
        Ok(Me {
            name: session.name.clone(),
            email: session.email.clone(),
            two_factor_allowed: session.two_factor_allowed,
            has_entry: session.has_entry,
            enrollment_needed: session.stage == Stage::EnrollmentNeeded,
            grace_days_left: session.grace_days_left,
            idle_minutes: session.rules.get(Setting::IdleMinutes),
        })
    }

    async fn advice(&self, session: &Session) -> Result<Advice, AppError> {
        advice::advice(&self.0, session).await
    }

    async fn dismiss_suggestion(&self, session: &Session) -> Result<(), AppError> {
        advice::dismiss(&self.0, session).await
    }

    async fn security(&self, session: &Session) -> Result<Security, AppError> {
        security::overview(&self.0, session).await
    }

    async fn change_name(&self, session: &Session, name: &str) -> Result<(), AppError> {
        security::change_name(&self.0, session, name).await
    }

    async fn set_language(&self, session: &Session, language: Language) -> Result<(), AppError> {
        Ok(store::set_language(&self.0.db, session.account_id, language).await?)
    }

    async fn change_password(&self, session: &Session, current: &str, new: &str) -> Result<Token, AppError> {
        password::change(&self.0, session, current, new).await
    }

    async fn ask_for_email(&self, session: &Session, email: &str) -> Result<(), AppError> {
        email::ask(&self.0, session, email).await
    }

    async fn email_link(&self, token: &str) -> Result<NewEmail, AppError> {
        email::link(&self.0, token).await
    }

    async fn confirm_email(&self, origin: &Origin, token: &str) -> Result<Audience, AppError> {
        email::confirm(&self.0, origin, token).await
    }

    async fn check_set_up_link(&self, token: &str) -> Result<(), AppError> {
        links::living(&self.0.db, &self.0, LinkPurpose::SetUp, token).await?;
        // Somebody may have created an account from the terminal meanwhile.
        let any = store::any(&self.0.db).await?;
        if any { Err(AppError::refused(Refusal::LinkDead)) } else { Ok(()) }
    }

    async fn set_up(&self, token: &str, name: &str, email: &str, password: &str) -> Result<(), AppError> {
        self.check_set_up_link(token).await?;
        let new = NewAccount { audience: Audience::Admin, email, name, password };
        let model = prepare(&self.0, &new).await?;
        let transaction = database::begin(&self.0.db).await?;
        links::consume(&transaction, &self.0, LinkPurpose::SetUp, token).await?;
        if store::any(&transaction).await? {
            return Err(AppError::refused(Refusal::LinkDead));
        }
        let event = Event::new(Action::AccountCreated, Actor::Server).to_account(model.id, &model.email);
        audit::record(&transaction, &self.0, event.with("first administrator, by the set-up link")).await?;
        store::insert(&transaction, model).await?;
        Ok(database::commit(transaction).await?)
    }
}

/// Creates an account.
///
/// # Errors
/// `Invalid` by field: `email`, `name`, `password`.
pub async fn create(core: &Core, actor: Actor<'_>, new: &NewAccount<'_>) -> Result<Uuid, AppError> {
    let model = prepare(core, new).await?;
    let id = model.id;
    let transaction = database::begin(&core.db).await?;
    if store::by_email(&transaction, new.audience, &model.email_key).await?.is_some() {
        return Err(AppError::field("email", Problem::Taken));
    }
    let event = Event::new(Action::AccountCreated, actor).to_account(id, &model.email).with(new.audience.as_str());
    audit::record(&transaction, core, event).await?;
    store::insert(&transaction, model).await?;
    database::commit(transaction).await?;
    Ok(id)
}

/// Keeps everybody from being locked out: nobody can disable the last administrator who can sign in. Demoting does not
/// exist, because an account's audience is fixed, and a reset of the second factor leaves its administrator active.
/// Called in the transaction that disables: of two administrators who disable each other at the same moment, the
/// second one sees what the first one did.
///
/// # Errors
/// `Refused` with `LastAdmin`.
pub async fn check_not_last_admin(db: &DatabaseTransaction, account: &account::Model) -> Result<(), AppError> {
    if account.audience.0 != Audience::Admin {
        return Ok(());
    }
    let active = store::lock_active_admins(db).await?;
    if active.iter().any(|id| *id != account.id) { Ok(()) } else { Err(AppError::refused(Refusal::LastAdmin)) }
}

/// Checks the fields and hashes the password.
///
/// # Errors
/// `Invalid` by field: `email`, `name`, `password`.
pub async fn prepare(core: &Core, new: &NewAccount<'_>) -> Result<account::Model, AppError> {
    let mut check = Check::default();
    let name = check.take("name", validate::line(new.name, TITLE_MAX));
    let email = check.take("email", validate::email(new.email));
    // A new administrator has no second factor yet.
    let min = if new.audience == Audience::Admin { PASSWORD_MIN_ALONE } else { PASSWORD_MIN };
    check.take("password", passwords::check_new(new.password, min, &[&name, &email, &core.brand.name()]));
    check.done()?;
    Ok(account::Model {
        id: Uuid::now_v7(),
        audience: Stored(new.audience),
        email_key: EmailKey::of(&email),
        email,
        name_key: name.to_lowercase(),
        name,
        // Told when it is stored, with its words.
        search_bits: 0,
        password_hash: core.passwords.hash(new.password).await?,
        created_at: core.clock.now(),
        disabled_at: None,
        factor_failures: 0,
        factor_locked_until: None,
        last_sign_in_at: None,
        grace_ends_at: None,
        suggestion_dismissed_at: None,
        reset_by_mail_at: None,
        language: None,
    })
}

/// On an empty database, the token of a new set-up link.
pub async fn new_set_up_link(core: &Core) -> Result<Option<String>, AppError> {
    if store::any(&core.db).await? {
        return Ok(None);
    }
    let new = NewLink {
        purpose: LinkPurpose::SetUp,
        account_id: None,
        audience: Audience::Admin,
        email: None,
        name: None,
        lifetime: LINK_LIFETIME,
    };
    links::issue(&core.db, core, &new).await.map(Some)
}
