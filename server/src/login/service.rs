//! The rules of signing in: password, code, session.

use super::store;
use crate::{
    account,
    audit::{self, Actor, Event},
    challenge::{
        service::{self as challenge, Purpose, Target},
        trail::{self, About},
    },
    core::{Core, failed},
    devices, enrollment,
    entity::{account as account_row, session as session_row},
    policy, throttle,
    vault::{self, token_hash},
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Stage, Token},
    challenge::types::CodeScreen,
    error::{AppError, Refusal},
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// Seconds without a request after which a session ends.
const IDLE: i64 = 3_600;
/// Seconds after which a session ends in any case.
const ABSOLUTE: i64 = 86_400;
/// Seconds that a sign-in waits for its code: longer than a slow mail.
const WAITING: i64 = 900;
/// Seconds after which factors have to be proved again before they are changed.
const STEP_UP: i64 = 600;
/// Wrong passwords for one address before it pauses.
const TRIES: i32 = 10;
/// Wrong passwords from one client before it pauses.
const TRIES_PER_ADDRESS: i32 = 100;
/// The window of both counters, in seconds.
const WINDOW: i64 = 900;
/// Passwords are cut off here before they are hashed, in bytes (128 characters of four).
const PASSWORD_BYTES: usize = 512;

/// Signing in and out.
pub struct Login(pub Arc<Core>);

#[async_trait]
impl LoginPort for Login {
    async fn log_in(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
        trust: Option<String>,
        old: Option<&Session>,
    ) -> Result<LoggedIn, AppError> {
        let core = &self.0;
        let account = self.check_password(origin, audience, email, password).await?;
        if let Some(old) = old {
            store::end(&core.db, old.id).await.map_err(failed)?;
        }
        let entry = self.entry_in_use(&account, audience).await?;
        let trusted = match &entry {
            Some(_) => devices::service::use_token(core, origin, account.id, trust.as_deref()).await?,
            None => None,
        };
        let code_needed = entry.is_some() && trusted.is_none();
        // A trusted device replaces neither the password nor a step-up.
        let stepped_up = entry.is_none();
        let (session_id, session) = self.open_session(origin, account.id, !code_needed, stepped_up).await?;
        let action = if code_needed { Action::PasswordAccepted } else { Action::LoggedIn };
        let factor = if trusted.is_some() { "password, trusted device" } else { "password" };
        audit::record(&core.db, core, Event::new(action, Actor::Account(&account, origin)).with(factor)).await?;
        if let (Some(entry), true) = (entry, code_needed) {
            let target = sign_in_target(account.id, session_id, &entry);
            // Whether it left or not, the code screen tells, and can ask again.
            match challenge::send(core, origin, &target, false).await {
                Ok(()) | Err(AppError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if !code_needed {
            account::store::note_sign_in(&core.db, account.id, core.clock.now()).await.map_err(failed)?;
        }
        Ok(LoggedIn { session, trust: trusted, code_needed })
    }

    async fn code_screen(&self, session: &Session) -> Result<CodeScreen, AppError> {
        let screen = challenge::screen(&self.0, session.account_id, session.id, Purpose::SignIn).await?;
        Ok(CodeScreen { trust_days: devices::service::TRUST_DAYS, ..screen })
    }

    async fn send_new_code(&self, origin: &Origin, session: &Session) -> Result<(), AppError> {
        let account = account::store::by_id(&self.0.db, session.account_id).await.map_err(failed)?;
        let account = account.ok_or(AppError::SignInNeeded)?;
        let entry = self.entry_in_use(&account, session.audience).await?;
        let entry = entry.ok_or_else(|| AppError::refused(Refusal::NotOffered))?;
        challenge::send(&self.0, origin, &sign_in_target(account.id, session.id, &entry), true).await
    }

    async fn verify(&self, origin: &Origin, session: &Session, code: &str, trust: bool) -> Result<Verified, AppError> {
        let core = &self.0;
        let (proved, transaction) =
            challenge::check(core, origin, session.account_id, session.id, Purpose::SignIn, code).await?;
        let about = About {
            account_id: session.account_id,
            purpose: Purpose::SignIn,
            secondary_auth_id: proved.secondary_auth_id,
            destination: &proved.destination,
        };
        let method = trail::method(&transaction, &about).await?;
        let now = core.clock.now();
        let secret = vault::new_token();
        if !store::finish(&transaction, session.id, token_hash(&secret), now, now + ABSOLUTE).await.map_err(failed)? {
            return Err(AppError::SignInNeeded);
        }
        enrollment::store::note_use(&transaction, session.account_id, proved.secondary_auth_id, now)
            .await
            .map_err(failed)?;
        let trust =
            if trust { devices::service::trust(core, &transaction, origin, session.account_id).await? } else { None };
        account::store::note_sign_in(&transaction, session.account_id, now).await.map_err(failed)?;
        let event = Event::new(Action::LoggedIn, Actor::Session(session)).with(format!("password, {method}"));
        audit::record(&transaction, core, event).await?;
        if trust.is_some() {
            audit::record(&transaction, core, Event::new(Action::DeviceTrusted, Actor::Session(session))).await?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(Verified { session: Token { secret, max_age: None }, trust })
    }

    async fn log_out(&self, session: &Session) -> Result<(), AppError> {
        store::end(&self.0.db, session.id).await.map_err(failed)?;
        audit::record(&self.0.db, &self.0, Event::new(Action::LoggedOut, Actor::Session(session))).await
    }
}

impl Login {
    /// The account, if the password is right. Unknown, wrong, disabled and paused look alike and take as long.
    async fn check_password(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
    ) -> Result<account_row::Model, AppError> {
        let core = &self.0;
        let now = core.clock.now();
        let email_key = account::service::email_key(email);
        let by_email = format!("login:{}:{}", audience.as_str(), core.vault.keyed_hash(&["email", &email_key]));
        let by_address = format!("login-address:{}", origin.address);
        let account = account::store::by_email(&core.db, audience, &email_key).await.map_err(failed)?;
        let failures = throttle::counted(&core.db, &by_address, now, WINDOW).await.map_err(failed)?;
        // Counted before the password is looked at, so that parallel guesses all count.
        let tries = throttle::count(&core.db, &by_email, now, WINDOW).await.map_err(failed)?;
        let usable = account.as_ref().filter(|account| {
            account.disabled_at.is_none()
                && tries <= TRIES
                && failures < TRIES_PER_ADDRESS
                && password.len() <= PASSWORD_BYTES
        });
        let fits = core.passwords.verify(password, usable.map(|account| account.password_hash.as_str())).await?;
        let Some(account) = account.clone().filter(|_| fits) else {
            throttle::count(&core.db, &by_address, now, WINDOW).await.map_err(failed)?;
            let reason = match &account {
                None => "unknown address",
                Some(account) if account.disabled_at.is_some() => "disabled account",
                Some(_) if usable.is_none() => "paused after many tries",
                Some(_) => "wrong password",
            };
            let event = Event::failure(Action::PasswordRefused, Actor::Stranger(origin));
            let event = event.with(format!("{}, {reason}", audience.as_str()));
            let event = match &account {
                Some(account) => event.to_account(account.id, &account.email),
                None => event,
            };
            audit::record(&core.db, core, event).await?;
            return Err(AppError::refused(Refusal::WrongLogin));
        };
        throttle::clear(&core.db, &by_email).await.map_err(failed)?;
        if core.passwords.is_outdated(&account.password_hash) {
            let hash = core.passwords.hash(password).await?;
            account::store::set_password_hash(&core.db, account.id, hash).await.map_err(failed)?;
        }
        Ok(account)
    }

    /// The entry that a sign-in has to prove: none while two-factor authentication is not allowed for the audience
    /// or no entry's provider is active.
    async fn entry_in_use(
        &self,
        account: &account_row::Model,
        audience: Audience,
    ) -> Result<Option<enrollment::store::UsableEntry>, AppError> {
        if !policy::store::is_allowed(&self.0.db, audience).await.map_err(failed)? {
            return Ok(None);
        }
        Ok(enrollment::store::usable(&self.0.db, account.id).await.map_err(failed)?.into_iter().next())
    }

    async fn open_session(
        &self,
        origin: &Origin,
        account_id: Uuid,
        signed_in: bool,
        stepped_up: bool,
    ) -> Result<(Uuid, Token), AppError> {
        let now = self.0.clock.now();
        let secret = vault::new_token();
        let id = Uuid::now_v7();
        let model = session_row::Model {
            id,
            account_id,
            token_hash: token_hash(&secret),
            signed_in,
            created_at: now,
            last_seen_at: now,
            expires_at: now + if signed_in { ABSOLUTE } else { WAITING },
            address: origin.address.to_string(),
            user_agent: origin.user_agent.clone(),
            password_proved_at: None,
            stepped_up_at: stepped_up.then_some(now),
        };
        store::insert(&self.0.db, model).await.map_err(failed)?;
        store::remove_expired(&self.0.db, now).await.map_err(failed)?;
        Ok((id, Token { secret, max_age: None }))
    }
}

fn sign_in_target(account_id: Uuid, session_id: Uuid, entry: &enrollment::store::UsableEntry) -> Target {
    Target {
        account_id,
        session_id,
        purpose: Purpose::SignIn,
        secondary_auth_id: entry.secondary_auth_id,
        destination: entry.destination.clone(),
    }
}

/// The living session of a cookie's token, for one audience.
///
/// # Errors
/// When the database fails.
pub async fn session_of(
    core: &Core,
    audience: Audience,
    token: &str,
    origin: &Origin,
) -> Result<Option<Session>, AppError> {
    let now = core.clock.now();
    let Some((session, account)) = store::by_token(&core.db, &token_hash(token)).await.map_err(failed)? else {
        return Ok(None);
    };
    let idle = session.signed_in && session.last_seen_at + IDLE <= now;
    if idle || session.expires_at <= now || account.disabled_at.is_some() || account.audience != audience.as_str() {
        return Ok(None);
    }
    // To the minute, so that reading pages does not write all the time.
    if session.last_seen_at + 60 <= now {
        store::touch(&core.db, session.id, now).await.map_err(failed)?;
    }
    Ok(Some(Session {
        id: session.id,
        account_id: account.id,
        audience,
        stage: if session.signed_in { Stage::SignedIn } else { Stage::CodeNeeded },
        name: account.name,
        email: account.email,
        // Only a code or a password that was asked for counts, and only for some minutes.
        stepped_up: session.stepped_up_at.is_some_and(|at| at + STEP_UP > now),
        grace_days_left: None,
        origin: origin.clone(),
    }))
}
