//! The rules of accounts: creating them, and the one-time set-up link.

use super::store;
use crate::{
    core::{Core, failed},
    database, enrollment,
    entity::account,
    passwords, policy, vault,
};
use app::{
    account::{port::AccountPort, types::Me},
    caller::Session,
    error::{AppError, Problem, Refusal},
    login::types::Audience,
    validate::{self, Check, PASSWORD_MIN, PASSWORD_MIN_ALONE, TITLE_MAX},
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// How long a set-up link works, in seconds.
const LINK_LIFETIME: i64 = 86_400;

/// Accounts.
pub struct Accounts(pub Arc<Core>);

/// What a new account consists of.
pub struct NewAccount<'a> {
    /// Which half of the house.
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
        let db = &self.0.db;
        let entries = enrollment::store::of_account(db, session.account_id).await.map_err(failed)?;
        Ok(Me {
            name: session.name.clone(),
            email: session.email.clone(),
            two_factor_allowed: policy::store::is_allowed(db, session.audience).await.map_err(failed)?,
            entries: u32::try_from(entries.len()).unwrap_or(u32::MAX),
        })
    }

    async fn check_set_up_link(&self, token: &str) -> Result<(), AppError> {
        let db = &self.0.db;
        let lives = store::link_lives(db, &vault::token_hash(token), self.0.clock.now()).await.map_err(failed)?;
        // Somebody may have created an account from the terminal meanwhile.
        if lives && !store::any(db).await.map_err(failed)? { Ok(()) } else { Err(AppError::refused(Refusal::LinkDead)) }
    }

    async fn set_up(&self, token: &str, name: &str, email: &str, password: &str) -> Result<(), AppError> {
        self.check_set_up_link(token).await?;
        let new = NewAccount { audience: Audience::Admin, email, name, password };
        let model = prepare(&self.0, &new).await?;
        let transaction = database::begin(&self.0.db).await.map_err(failed)?;
        let used =
            store::use_link(&transaction, &vault::token_hash(token), self.0.clock.now()).await.map_err(failed)?;
        if !used || store::any(&transaction).await.map_err(failed)? {
            return Err(AppError::refused(Refusal::LinkDead));
        }
        store::insert(&transaction, model).await.map_err(failed)?;
        transaction.commit().await.map_err(failed)?;
        tracing::info!(target: "audit", "first administrator created");
        Ok(())
    }
}

/// Creates an account.
///
/// # Errors
/// `Invalid` by field: `email`, `name`, `password`.
pub async fn create(core: &Core, new: &NewAccount<'_>) -> Result<Uuid, AppError> {
    let model = prepare(core, new).await?;
    let id = model.id;
    if store::by_email(&core.db, new.audience, &model.email_key).await.map_err(failed)?.is_some() {
        return Err(AppError::field("email", Problem::Taken));
    }
    store::insert(&core.db, model).await.map_err(failed)?;
    tracing::info!(target: "audit", account = %id, audience = new.audience.as_str(), "account created");
    Ok(id)
}

/// Checks the fields and hashes the password.
async fn prepare(core: &Core, new: &NewAccount<'_>) -> Result<account::Model, AppError> {
    let mut check = Check::default();
    let name = check.take("name", validate::line(new.name, TITLE_MAX));
    let email = check.take("email", validate::email(new.email));
    // A new administrator has no second factor yet.
    let min = if new.audience == Audience::Admin { PASSWORD_MIN_ALONE } else { PASSWORD_MIN };
    check.take("password", passwords::check_new(new.password, min, &[&name, &email, &core.brand]));
    check.done()?;
    Ok(account::Model {
        id: Uuid::now_v7(),
        audience: new.audience.as_str().to_owned(),
        email_key: email_key(&email),
        email,
        name,
        password_hash: core.passwords.hash(new.password).await?,
        created_at: core.clock.now(),
        disabled_at: None,
        factor_failures: 0,
        factor_locked_until: None,
    })
}

/// The one spelling in which addresses are compared.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// On an empty database, the token of a new set-up link.
///
/// # Errors
/// When the database fails.
pub async fn new_set_up_link(core: &Core) -> Result<Option<String>, AppError> {
    if store::any(&core.db).await.map_err(failed)? {
        return Ok(None);
    }
    let token = vault::new_token();
    let expires_at = core.clock.now() + LINK_LIFETIME;
    store::replace_link(&core.db, &vault::token_hash(&token), expires_at).await.map_err(failed)?;
    Ok(Some(token))
}
