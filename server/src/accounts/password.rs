//! Checks the password of an account and counts the wrong ones, at sign-ins and at confirmations together.

use crate::{
    accounts::{self, email_key},
    audit::{self, Actor, Event},
    core::Core,
    entity::account as account_row,
    platform::throttle,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    error::{AppError, Problem},
    login::types::Audience,
};
use sea_orm::ConnectionTrait;

/// Wrong passwords for one address before it pauses.
const TRIES: i32 = 10;
/// Wrong passwords from one client before it pauses.
const TRIES_PER_ADDRESS: i32 = 100;
/// The window of both counters, in seconds.
const WINDOW: i64 = 900;
/// Longer passwords are wrong without being hashed, in bytes (128 characters of four).
const PASSWORD_BYTES: usize = 512;

/// Somebody's try at a password.
pub struct Guess<'a> {
    /// Who tries, for the record.
    pub actor: Actor<'a>,
    /// From where.
    pub origin: &'a Origin,
    /// Which half of the house.
    pub audience: Audience,
    /// The address.
    pub email: &'a str,
    /// The account of that address, if there is one.
    pub account: Option<&'a account_row::Model>,
    /// The password.
    pub password: &'a str,
}

/// The name of the counter of wrong passwords for an address, in its compared spelling.
fn counter(core: &Core, audience: Audience, email_key: &str) -> String {
    format!("login:{}:{}", audience.as_str(), core.vault.keyed_hash(&["email", email_key]))
}

/// Whether the password of an account is not looked at for the moment, after too many wrong ones.
pub async fn is_paused(core: &Core, audience: Audience, email_key: &str) -> Result<bool, AppError> {
    let counter = counter(core, audience, email_key);
    let tries = throttle::counted(&core.db, &counter, core.clock.now(), WINDOW).await?;
    Ok(tries >= TRIES)
}

/// Lets the password of an account be tried again at once.
pub async fn unpause(
    db: &impl ConnectionTrait,
    core: &Core,
    audience: Audience,
    email_key: &str,
) -> Result<(), AppError> {
    Ok(throttle::clear(db, &counter(core, audience, email_key)).await?)
}

/// Whether the password is right. Unknown, wrong, disabled and paused look alike and take as long.
///
/// # Errors
/// `Busy` under overload.
pub async fn fits(core: &Core, guess: &Guess<'_>) -> Result<bool, AppError> {
    let Guess { origin, audience, account, password, .. } = *guess;
    let now = core.clock.now();
    let by_email = counter(core, audience, &email_key(guess.email));
    let by_address = format!("login-address:{}", origin.network());
    let failures = throttle::counted(&core.db, &by_address, now, WINDOW).await?;
    // Counted before the password is looked at, so that parallel guesses all count.
    let tries = throttle::count(&core.db, &by_email, now, WINDOW).await?;
    let usable = account.filter(|account| {
        account.disabled_at.is_none()
            && tries <= TRIES
            && failures < TRIES_PER_ADDRESS
            && password.len() <= PASSWORD_BYTES
    });
    let fits = core.passwords.verify(password, usable.map(|account| account.password_hash.as_str())).await?;
    let Some(found) = account.filter(|_| fits) else {
        throttle::count(&core.db, &by_address, now, WINDOW).await?;
        let reason = match account {
            None => "unknown address",
            Some(account) if account.disabled_at.is_some() => "disabled account",
            Some(_) if usable.is_none() => "paused after many tries",
            Some(_) => "wrong password",
        };
        let event = Event::failure(Action::PasswordRefused, guess.actor);
        let event = event.with(format!("{}, {reason}", audience.as_str()));
        let event = match account {
            Some(account) => event.to_account(account.id, &account.email),
            None => event,
        };
        audit::record(&core.db, core, event).await?;
        return Ok(false);
    };
    throttle::clear(&core.db, &by_email).await?;
    if core.passwords.is_outdated(&found.password_hash) {
        let hash = core.passwords.hash(password).await?;
        accounts::store::set_password_hash(&core.db, found.id, hash).await?;
    }
    Ok(true)
}

/// Checks that somebody who is signed in knows the account's password, and tells the account.
///
/// # Errors
/// The named field's problem; `Busy` under overload.
pub async fn check_own(
    core: &Core,
    session: &Session,
    field: &str,
    password: &str,
) -> Result<account_row::Model, AppError> {
    if password.is_empty() {
        return Err(AppError::field(field, Problem::Required));
    }
    let account = accounts::store::by_id(&core.db, session.account_id).await?;
    let account = account.ok_or(AppError::SignInNeeded)?;
    let guess = Guess {
        actor: Actor::Session(session),
        origin: &session.origin,
        audience: session.audience,
        email: &account.email,
        account: Some(&account),
        password,
    };
    if fits(core, &guess).await? { Ok(account) } else { Err(AppError::field(field, Problem::WrongPassword)) }
}
