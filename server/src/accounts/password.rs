//! Checks the password of an account and counts the wrong ones.
//!
//! Whoever tries has a counter of their own: a session, a browser that signed in before, or the strangers of a network;
//! strangers share one more for each address and one for each network. So nobody who knows an address keeps its owner
//! out of a known browser, or tells somebody who is signed in that the right password is wrong.

use crate::{
    accounts::{self, known},
    audit::{self, Actor, Event},
    core::Core,
    entity::{account as account_row, email_key::EmailKey},
    error::Error,
    platform::{database, passwords::Fit, throttle},
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    error::{AppError, Problem, Refusal},
    login::types::Audience,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Wrong passwords of a session, a known browser or the strangers of one network, before they pause at one account.
pub const TRIES: i32 = 10;
/// Wrong passwords of strangers in all networks at one account, before it pauses for strangers.
pub const TRIES_OF_STRANGERS: i32 = 30;
/// Wrong passwords of strangers in one network at all accounts, before it pauses.
pub const TRIES_PER_NETWORK: i32 = 100;
/// The window of all counters, in seconds.
pub const WINDOW: i64 = 900;
/// Longer passwords are wrong without being hashed, in bytes (128 characters of four).
const PASSWORD_BYTES: usize = 512;

/// Somebody's try at a password.
pub struct Guess<'a> {
    /// Who tries, for the record.
    pub actor: Actor<'a>,
    /// From where.
    pub origin: &'a Origin,
    /// Whose sign-in it is.
    pub audience: Audience,
    /// The address.
    pub email: &'a str,
    /// The account of that address, if there is one.
    pub account: Option<&'a account_row::Model>,
    /// The password.
    pub password: &'a str,
    /// By what its failure counts.
    pub counted_by: CountedBy,
}

/// By what a wrong password counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountedBy {
    /// A session of the account.
    Session(Uuid),
    /// A browser that signed in to the account before.
    Browser(Uuid),
    /// An address, as strangers type it.
    Stranger,
    /// The same where a code has to be right in the same moment. What strangers try at the address elsewhere does not
    /// count here, and nobody learns by this way that a password is right, so it needs no limit over all networks.
    StrangerWithCode,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The password is right.
    Right,
    /// It is wrong, or there is no such account.
    Wrong,
    /// The same, and no more are looked at for some time.
    WrongAndLast,
    /// It was not looked at, after too many wrong ones.
    Paused,
}

/// The name of the counters of strangers at an address, in its compared spelling; of one network with its end.
fn strangers(core: &Core, audience: Audience, email: &EmailKey) -> String {
    format!("login:{}:{}", audience.as_str(), core.vault.keyed_hash(&["email", email.as_str()]))
}

/// Whether the password of an account is not looked at for the moment, after too many wrong ones by strangers of one
/// network or of all.
pub async fn is_paused(core: &Core, audience: Audience, email: &EmailKey) -> Result<bool, AppError> {
    let (all, now) = (strangers(core, audience, email), core.clock.now());
    Ok(throttle::counted(&core.db, &all, now, WINDOW).await? >= TRIES_OF_STRANGERS
        || throttle::most_counted(&core.db, &format!("{all}@"), now, WINDOW).await? >= TRIES)
}

/// Lets the password of an account be tried again at once, by strangers and from its known browsers.
pub async fn unpause(db: &impl ConnectionTrait, core: &Core, account: &account_row::Model) -> Result<(), AppError> {
    let all = strangers(core, account.audience.0, &account.email_key);
    // In the order in which they are counted, so that no two transactions wait for each other.
    for own in ["@", "+"] {
        throttle::clear_all(db, &format!("{all}{own}")).await?;
    }
    throttle::clear(db, &all).await?;
    throttle::clear_all(db, &browsers(account.id)).await?;
    Ok(())
}

/// How the counters of an account's known browsers begin.
fn browsers(account: Uuid) -> String {
    format!("login-browser:{account}:")
}

/// The counters of a guess.
struct Counters {
    /// Of whoever tries.
    own: String,
    /// Of all strangers at the address, where it is one of them.
    all: Option<String>,
    /// Of the strangers of one network at all addresses, where it is one of them.
    network: Option<String>,
}

impl Counters {
    fn of(core: &Core, guess: &Guess<'_>) -> Self {
        let network = guess.origin.network();
        let all = strangers(core, guess.audience, &EmailKey::of(guess.email));
        let own = match guess.counted_by {
            CountedBy::Session(id) => format!("login-session:{id}"),
            CountedBy::Browser(id) => format!("{}{id}", browsers(guess.account.map(|row| row.id).unwrap_or_default())),
            CountedBy::Stranger => format!("{all}@{network}"),
            // Apart from the others, so that neither clears what the other has counted.
            CountedBy::StrangerWithCode => format!("{all}+code@{network}"),
        };
        let stranger = matches!(guess.counted_by, CountedBy::Stranger | CountedBy::StrangerWithCode);
        Self {
            own,
            all: (guess.counted_by == CountedBy::Stranger).then_some(all),
            network: stranger.then(|| format!("login-address:{network}")),
        }
    }

    /// Counts a guess: its own tries, and those of all strangers. In one transaction, which has ended before the password
    /// is looked at, so that parallel guesses all count.
    async fn count(&self, core: &Core) -> Result<(i32, i32), Error> {
        let (db, now) = (&core.db, core.clock.now());
        let Some(all) = &self.all else { return Ok((throttle::count(db, &self.own, now, WINDOW).await?, 0)) };
        let transaction = database::begin(db).await?;
        let own = throttle::count(&transaction, &self.own, now, WINDOW).await?;
        let of_all = if own > TRIES { 0 } else { throttle::count(&transaction, all, now, WINDOW).await? };
        database::commit(transaction).await?;
        Ok((own, of_all))
    }

    /// Forgets what was counted before a right password.
    async fn clear(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        throttle::clear(db, &self.own).await?;
        match &self.all {
            Some(all) => throttle::clear(db, all).await,
            None => Ok(()),
        }
    }
}

/// Checks a password. Unknown, wrong, disabled and paused look alike and take as long.
///
/// # Errors
/// `Busy` under overload.
pub async fn check(core: &Core, guess: &Guess<'_>) -> Result<Checked, AppError> {
    let counters = Counters::of(core, guess);
    let (checked, _) = compare(core, guess, &counters).await?;
    if checked == Checked::Right {
        counters.clear(&core.db).await?;
    }
    Ok(checked)
}

/// The same, and a right password leaves its counters as they are. Tells its new hash where it got one.
async fn compare(core: &Core, guess: &Guess<'_>, counters: &Counters) -> Result<(Checked, Option<String>), AppError> {
    let Guess { origin, account, password, .. } = *guess;
    let (db, now, network) = (&core.db, core.clock.now(), origin.network());
    // Neither depends on whether there is such an account, so both are told without a hash. And as one account's tries
    // end here, it adds no more than these to what its network may try.
    let full = match &counters.network {
        Some(by_network) => throttle::counted(db, by_network, now, WINDOW).await? >= TRIES_PER_NETWORK,
        None => false,
    };
    let (tries, of_all) = if full { (TRIES + 1, 0) } else { counters.count(core).await? };
    if tries > TRIES {
        core.passwords.pretend().await;
        audit::sum(core, Action::PasswordRefused, origin).await?;
        return Ok((Checked::Paused, None));
    }
    // Who hits this one did not bring it about, so it takes as long as any other.
    let paused = of_all > TRIES_OF_STRANGERS;
    let usable = account.filter(|row| row.disabled_at.is_none() && !paused && password.len() <= PASSWORD_BYTES);
    let hash = usable.map(|row| row.password_hash.as_str());
    let fit = core.passwords.verify_from(Some(network), password, hash).await?;
    let Some(found) = usable.filter(|_| fit != Fit::No) else {
        if let Some(by_network) = &counters.network {
            throttle::count(db, by_network, now, WINDOW).await?;
        }
        record(core, guess, paused).await?;
        let checked = match paused {
            true => Checked::Paused,
            false if tries == TRIES || of_all == TRIES_OF_STRANGERS => Checked::WrongAndLast,
            false => Checked::Wrong,
        };
        return Ok((checked, None));
    };
    let mut new_hash = None;
    if fit == Fit::AsTyped || core.passwords.is_outdated(&found.password_hash) {
        let hash = core.passwords.hash(password).await?;
        accounts::store::set_password_hash(db, found.id, hash.clone()).await?;
        new_hash = Some(hash);
    }
    Ok((Checked::Right, new_hash))
}

async fn record(core: &Core, guess: &Guess<'_>, paused: bool) -> Result<(), AppError> {
    let reason = match guess.account {
        None => "unknown address",
        Some(account) if account.disabled_at.is_some() => "disabled account",
        Some(_) if paused => "paused after many tries",
        Some(_) => "wrong password",
    };
    let event = Event::failure(Action::PasswordRefused, guess.actor);
    let event = event.with(format!("{}, {reason}", guess.audience.as_str()));
    let event = match guess.account {
        Some(account) => event.to_account(account.id, &account.email),
        None => event,
    };
    audit::record(&core.db, core, event).await
}

/// What came of the password of a sign-in.
pub struct SignIn {
    /// The account of the address, if there is one.
    pub account: Option<account_row::Model>,
    /// What came of the password.
    pub checked: Checked,
    /// Whether the browser has signed in to the account before.
    pub known: bool,
    counters: Counters,
}

impl SignIn {
    /// Forgets the wrong passwords from before the right one.
    pub async fn clear_tries(&self, db: &impl ConnectionTrait) -> Result<(), Error> {
        self.counters.clear(db).await
    }
}

fn with_hash(account: account_row::Model, new: Option<String>) -> account_row::Model {
    match new {
        Some(password_hash) => account_row::Model { password_hash, ..account },
        None => account,
    }
}

/// Checks the password of a sign-in, by the counter of the browser that it comes from. `trust` is the token of a
/// trusted device. Whoever opens the session of a right one clears its tries.
///
/// # Errors
/// `Busy` under overload.
pub async fn check_sign_in(
    core: &Core,
    origin: &Origin,
    audience: Audience,
    email: &str,
    password: &str,
    trust: Option<&str>,
) -> Result<SignIn, AppError> {
    let account = accounts::store::by_email(&core.db, audience, &EmailKey::of(email)).await?;
    let (id, now) = (account.as_ref().map(|row| row.id), core.clock.now());
    let browser = known::counted_by(&core.db, id, &origin.known, trust, now).await?;
    let counted_by = browser.map_or(CountedBy::Stranger, CountedBy::Browser);
    let actor = Actor::Stranger(origin);
    let guess = Guess { actor, origin, audience, email, account: account.as_ref(), password, counted_by };
    let counters = Counters::of(core, &guess);
    let (checked, new_hash) = compare(core, &guess, &counters).await?;
    let account = account.map(|account| with_hash(account, new_hash));
    Ok(SignIn { account, checked, known: browser.is_some(), counters })
}

/// Begins what a right password opens, with its account locked, unless the account's password, address or state was changed
/// while the password was compared: that ends what was begun before (checklist 62).
///
/// # Errors
/// `WrongLogin` where it was.
pub async fn begin_unchanged(
    core: &Core,
    origin: &Origin,
    account: &account_row::Model,
) -> Result<database::Transaction, AppError> {
    let transaction = database::begin(&core.db).await?;
    let now = accounts::factor::lock_account(&transaction, account.id).await?;
    let decides = |row: &account_row::Model| (row.password_hash.clone(), row.email_key.clone(), row.disabled_at);
    if now.is_some_and(|now| decides(&now) == decides(account)) {
        return Ok(transaction);
    }
    database::rollback(transaction).await?;
    let details = format!("{}, changed meanwhile", account.audience.0.as_str());
    let event = Event::failure(Action::PasswordRefused, Actor::Stranger(origin)).with(details);
    audit::record(&core.db, core, event.to_account(account.id, &account.email)).await?;
    Err(AppError::refused(Refusal::WrongLogin))
}

/// Checks the password of a sign-in that brings a code with it. The account, if the password is right: nobody may be
/// told so before the code is right too.
///
/// # Errors
/// `WrongLogin` for every kind of wrong; `Busy` under overload.
pub async fn check_beside_code(
    core: &Core,
    origin: &Origin,
    audience: Audience,
    email: &str,
    password: &str,
) -> Result<account_row::Model, AppError> {
    let account = accounts::store::by_email(&core.db, audience, &EmailKey::of(email)).await?;
    let actor = Actor::Stranger(origin);
    let counted_by = CountedBy::StrangerWithCode;
    let guess = Guess { actor, origin, audience, email, account: account.as_ref(), password, counted_by };
    // Whoever has the password alone goes on counting: only the code shows that it is the owner.
    let (checked, new_hash) = compare(core, &guess, &Counters::of(core, &guess)).await?;
    let account = account.filter(|_| checked == Checked::Right).map(|account| with_hash(account, new_hash));
    account.ok_or_else(|| AppError::refused(Refusal::WrongLogin))
}

/// Checks that somebody who is signed in knows the account's password, and tells the account. Counted by the session,
/// whatever strangers try meanwhile.
///
/// # Errors
/// The named field's problem; `TooManyTries`; `Busy` under overload.
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
        counted_by: CountedBy::Session(session.id),
    };
    match check(core, &guess).await? {
        Checked::Right => Ok(account),
        Checked::Wrong | Checked::WrongAndLast => Err(AppError::field(field, Problem::WrongPassword)),
        Checked::Paused => {
            let minutes = u32::try_from(WINDOW / 60).unwrap_or_default();
            Err(AppError::refused(Refusal::TooManyTries { minutes }))
        }
    }
}
