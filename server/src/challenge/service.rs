//! The rules of codes: how they are made, sent, limited, replaced and checked.

use super::{
    limits::{ADDRESS_WINDOW, FAILURES_PER_ADDRESS, MESSAGES, MESSAGES_PER_ADDRESS, RESENDS},
    passkey::{self, Answer},
    store::{self, Lock},
    texts,
    trail::{self, About},
};
use crate::{
    audit::{self, Actor, Event},
    configuration::service::{Rules, rules},
    core::{Core, failed, internal},
    database,
    delivery::{self, service::Attempt},
    enrollment,
    entity::{account, challenge, delivery as delivery_row},
    phone,
    providers::{
        authenticator,
        passkey::{Rejected, Used},
    },
    services, throttle, vault,
};
use app::{
    audit::types::Action,
    caller::Origin,
    challenge::{message::code_message, text_message::code_text, types::CodeScreen},
    configuration::types::Setting,
    delivery::message::Notice,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Refusal},
    services::types::Channel,
    validate,
};
use sea_orm::{DatabaseTransaction, EntityTrait};
use uuid::Uuid;

/// What a code proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Finishing a sign-in.
    SignIn,
    /// Setting up an entry.
    Enroll,
    /// Proving again who one is.
    StepUp,
}

impl Purpose {
    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Enroll => "enroll",
            Self::StepUp => "step_up",
        }
    }
}

/// Who has to prove what, and where the code goes.
#[derive(Clone)]
pub struct Target {
    /// The account.
    pub account_id: Uuid,
    /// The session that asks.
    pub session_id: Uuid,
    /// What the code proves.
    pub purpose: Purpose,
    /// Which secondary auth carries it.
    pub secondary_auth_id: Uuid,
    /// The kind of its provider.
    pub kind: Channel,
    /// Where it goes.
    pub destination: String,
    /// What an answer to a new entry is checked against where no code is sent: a new seed.
    pub secret: Option<String>,
}

impl Target {
    /// The same for the audit log.
    fn about(&self) -> About<'_> {
        About {
            account_id: self.account_id,
            purpose: self.purpose,
            secondary_auth_id: self.secondary_auth_id,
            destination: &self.destination,
        }
    }
}

/// Makes a code and sends it. With `resend`, the pause and the limits of Send New Code hold as well. Where the kind
/// sends nothing, it waits for an answer from then on.
///
/// # Errors
/// `Refused` with `TooSoon`, `TooManyCodes`, `FactorLocked`, `FactorDisabled` or `NotDelivered`.
pub async fn send(core: &Core, origin: &Origin, target: &Target, resend: bool) -> Result<(), AppError> {
    if !target.kind.sends() {
        return wait_for_answer(core, origin, target).await;
    }
    let result = send_code(core, origin, target, resend).await;
    trail::sent(core, origin, &target.about(), &result).await?;
    result
}

async fn send_code(core: &Core, origin: &Origin, target: &Target, resend: bool) -> Result<(), AppError> {
    let (challenge, message, older) = prepare(core, &rules(core).await?, origin, target, resend).await?;
    let sent = carry(core, &challenge, &message, older).await?;
    sent.map_err(|failure| AppError::refused(not_delivered(target.kind, failure)))
}

/// Begins to wait for an answer, in place of what this session waited for before.
async fn wait_for_answer(core: &Core, origin: &Origin, target: &Target) -> Result<(), AppError> {
    let (rules, now) = (rules(core).await?, core.clock.now());
    let transaction = database::begin(&core.db).await.map_err(failed)?;
    let account = store::lock_account(&transaction, target.account_id).await.map_err(failed)?;
    let account = account.ok_or(AppError::SignInNeeded)?;
    check_factor(&account, &rules, now)?;
    let (secret, destination) = if target.kind == Channel::Passkey {
        let (question, names) = passkey::question(&transaction, core, &account, target).await?;
        (Some(question), names)
    } else {
        (target.secret.clone(), target.destination.clone())
    };
    let id = Uuid::now_v7();
    let seal = |secret: String| core.vault.seal(&place(id), &secret).map_err(internal);
    let challenge = challenge::Model {
        expires_at: now + rules.seconds(Setting::WaitingMinutes),
        secret: secret.map(seal).transpose()?,
        destination,
        ..blank(id, target, origin, now)
    };
    let challenge = store::insert(&transaction, challenge).await.map_err(failed)?;
    store::replace_older(&transaction, &challenge).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

/// A challenge with what is the same for all kinds.
fn blank(id: Uuid, target: &Target, origin: &Origin, now: i64) -> challenge::Model {
    challenge::Model {
        id,
        account_id: target.account_id,
        session_id: target.session_id,
        purpose: target.purpose.as_str().to_owned(),
        secondary_auth_id: target.secondary_auth_id,
        kind: target.kind.as_str().to_owned(),
        destination: target.destination.clone(),
        destination_key: String::new(),
        address: origin.address.to_string(),
        resend: false,
        code_hash: String::new(),
        reference: String::new(),
        created_at: now,
        expires_at: now,
        failure: None,
        tries: 0,
        consumed_at: None,
        replaced_by: None,
        secret: None,
    }
}

/// What a challenge's secret is bound to.
fn place(id: Uuid) -> String {
    format!("challenge:{id}")
}

/// Sends a code whose first sender vanished before it could tell how that went, as long as somebody may wait for it.
///
/// # Errors
/// When the database fails.
pub async fn send_again(core: &Core, message: &delivery_row::Model) -> Result<(), AppError> {
    let now = core.clock.now();
    match store::living(&core.db, message.id, now).await.map_err(failed)? {
        Some(challenge) => carry(core, &challenge, message, true).await.map(|_| ()),
        None => delivery::store::give_up(&core.db, message.id, now).await.map_err(failed),
    }
}

/// Hands a code over and records how it went. A failure is told on the code screen, where a new code can be asked for
/// at once; so it is the end of this code, and no later attempt surprises anybody.
async fn carry(
    core: &Core,
    challenge: &challenge::Model,
    message: &delivery_row::Model,
    older: bool,
) -> Result<Result<(), DeliveryFailure>, AppError> {
    let attempt = delivery::service::attempt(core, message).await;
    let Attempt { result, .. } = &attempt;
    let transaction = database::begin(&core.db).await.map_err(failed)?;
    delivery::service::record(&transaction, core, message, &attempt, false).await?;
    if let Err(failure) = result {
        let failure = serde_json::to_string(failure).map_err(internal)?;
        store::note_failure(&transaction, challenge.id, &failure).await.map_err(failed)?;
    }
    // An older code lives on if the new one certainly did not leave.
    if older && result.as_ref().map_or_else(may_have_left, |()| true) {
        store::replace_older(&transaction, challenge).await.map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(attempt.result)
}

/// A failure in the words of its channel.
const fn not_delivered(kind: Channel, failure: DeliveryFailure) -> Refusal {
    if matches!(kind, Channel::Sms) { Refusal::TextNotDelivered(failure) } else { Refusal::NotDelivered(failure) }
}

/// After a time-out the message may still arrive, so its code counts.
fn may_have_left(failure: &DeliveryFailure) -> bool {
    failure.kind == DeliveryFailureKind::TimedOut
}

/// Checks the limits and stores the challenge with its message, in one transaction so that parallel requests see each
/// other and no code is lost. Tells whether there are older codes.
async fn prepare(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    target: &Target,
    resend: bool,
) -> Result<(challenge::Model, delivery_row::Model, bool), AppError> {
    let now = core.clock.now();
    let transaction = database::begin(&core.db).await.map_err(failed)?;
    let account = store::lock_account(&transaction, target.account_id).await.map_err(failed)?;
    check_factor(&account.ok_or(AppError::SignInNeeded)?, rules, now)?;
    let before = store::newest(&transaction, target.session_id, target.purpose.as_str()).await.map_err(failed)?;
    if resend {
        let wait = before.first().map_or(0, |last| wait_for_resend(last, rules, now));
        if wait > 0 {
            return Err(AppError::refused(Refusal::TooSoon { seconds: wait }));
        }
    }
    let destination_key = core.vault.keyed_hash(&["destination", &target.destination.to_lowercase()]);
    let address = origin.address.to_string();
    check_limits(&transaction, target, &destination_key, &address, resend, now).await?;
    let challenge = challenge::Model {
        destination_key,
        resend,
        reference: vault::new_reference(before.first().map(|last| last.reference.as_str())),
        expires_at: now + rules.seconds(Setting::CodeMinutes),
        ..blank(Uuid::now_v7(), target, origin, now)
    };
    let code = vault::new_code();
    let challenge = challenge::Model { code_hash: code_hash(core, &challenge, &code), ..challenge };
    let challenge = store::insert(&transaction, challenge).await.map_err(failed)?;
    let (reference, minutes) = (&challenge.reference, rules.get(Setting::CodeMinutes));
    let provider = services::store::of_secondary_auth(&transaction, target.secondary_auth_id).await.map_err(failed)?;
    let text = if target.kind == Channel::Sms {
        if let Some(provider) = &provider {
            texts::check(&transaction, core, provider, &target.destination).await?;
        }
        code_text(&core.brand, core.public_url.host_str().unwrap_or_default(), &code, reference, minutes)
    } else {
        code_message(&core.brand, &code, reference, minutes)
    };
    let provider_id = provider.map(|row| row.id);
    let message = delivery::service::enqueue_code(&transaction, core, &challenge, provider_id, &text).await?;
    transaction.commit().await.map_err(failed)?;
    Ok((challenge, message, !before.is_empty()))
}

async fn check_limits(
    db: &DatabaseTransaction,
    target: &Target,
    destination_key: &str,
    address: &str,
    resend: bool,
    now: i64,
) -> Result<(), AppError> {
    use challenge::Column::{AccountId, Address, DestinationKey};
    let check = async |column, value: sea_orm::Value, resends_only, limits: &[(i64, u64)]| {
        for (window, most) in limits {
            let since = now - window;
            let (count, oldest) =
                store::sent_since(db, column, value.clone(), resends_only, since).await.map_err(failed)?;
            if count >= *most {
                let wait = oldest.unwrap_or(now) + window - now;
                return Err(AppError::refused(Refusal::TooManyCodes { minutes: minutes_up(wait) }));
            }
        }
        Ok(())
    };
    if resend {
        check(AccountId, target.account_id.into(), true, &RESENDS).await?;
    }
    check(AccountId, target.account_id.into(), false, &MESSAGES).await?;
    check(DestinationKey, destination_key.into(), false, &MESSAGES).await?;
    check(Address, address.into(), false, &MESSAGES_PER_ADDRESS).await
}

/// What the code screen shows. Without a living challenge it says what to do.
///
/// # Errors
/// Only when something inside fails.
pub async fn screen(core: &Core, account_id: Uuid, session_id: Uuid, purpose: Purpose) -> Result<CodeScreen, AppError> {
    let (rules, now) = (rules(core).await?, core.clock.now());
    let account = account::Entity::find_by_id(account_id).one(&core.db).await.map_err(failed)?;
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    let problem = check_factor(&account.ok_or(AppError::SignInNeeded)?, &rules, now).err().and_then(refusal);
    let living = current(&challenges);
    let kind = living.or(challenges.first()).map(kind_of).transpose()?.unwrap_or(Channel::Smtp);
    let problem = problem.or_else(|| match (challenges.first(), living) {
        (Some(last), _) if failure_of(last).is_some() => {
            // The server's own answer is not for somebody who has only proved a password.
            failure_of(last).map(|failure| not_delivered(kind, DeliveryFailure { answer: None, ..failure }))
        }
        (_, None) => Some(Refusal::NoChallenge),
        (_, Some(living)) if living.expires_at <= now => Some(expired(kind)),
        (_, Some(living)) if living.tries >= rules.count(Setting::CodeTries) => Some(exhausted(kind)),
        _ => None,
    });
    let asks = living.filter(|living| kind == Channel::Passkey && problem.is_none() && living.consumed_at.is_none());
    let question = asks.map(|living| secret_of(core, living)).transpose()?.flatten();
    Ok(CodeScreen {
        kind,
        destination: living.map(|c| mask(&c.destination)).unwrap_or_default(),
        reference: living.map(|c| c.reference.clone()).unwrap_or_default(),
        lifetime_minutes: rules.get(Setting::CodeMinutes),
        resend_in: challenges.first().map_or(0, |last| wait_for_resend(last, &rules, now)),
        trust_days: 0,
        has_other_methods: false,
        problem,
        passkey: question.map(|question| passkey::ceremony(core, &question)).transpose()?,
    })
}

/// The target of the newest challenge of a session, to send another code to the same place.
///
/// # Errors
/// `NoChallenge` where nothing was sent yet.
pub async fn last_target(core: &Core, session_id: Uuid, purpose: Purpose) -> Result<Target, AppError> {
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    let last = challenges.into_iter().next().ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
    Ok(Target {
        account_id: last.account_id,
        session_id,
        purpose,
        secondary_auth_id: last.secondary_auth_id,
        kind: kind_of(&last)?,
        destination: last.destination,
        secret: None,
    })
}

/// The secret of the challenge that a session waits for, where its kind has one.
///
/// # Errors
/// When the database fails.
pub async fn secret_in_hand(core: &Core, session_id: Uuid, purpose: Purpose) -> Result<Option<String>, AppError> {
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    match current(&challenges) {
        Some(living) if living.consumed_at.is_none() && living.expires_at > core.clock.now() => secret_of(core, living),
        _ => Ok(None),
    }
}

/// The secret of a challenge, where its kind has one.
///
/// # Errors
/// When it was sealed with another key.
pub fn secret_of(core: &Core, challenge: &challenge::Model) -> Result<Option<String>, AppError> {
    let open = |sealed| core.vault.open_sealed(&place(challenge.id), sealed).map_err(internal);
    challenge.secret.as_deref().map(open).transpose()
}

fn kind_of(challenge: &challenge::Model) -> Result<Channel, AppError> {
    challenge.kind.parse().map_err(|()| internal(format!("unknown kind of challenge: {}", challenge.kind)))
}

/// Whether a code was sent by this secondary auth for a session before.
///
/// # Errors
/// When the database fails.
pub async fn was_sent(core: &Core, session_id: Uuid, purpose: Purpose, auth: Uuid) -> Result<bool, AppError> {
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    Ok(challenges.iter().any(|challenge| challenge.secondary_auth_id == auth))
}

/// Whether a code of this session can still be entered.
///
/// # Errors
/// When the database fails.
pub async fn is_pending(core: &Core, session_id: Uuid, purpose: Purpose) -> Result<bool, AppError> {
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    Ok(current(&challenges).is_some_and(|c| c.consumed_at.is_none() && c.expires_at > core.clock.now()))
}

/// Whether a session waits for a passkey.
///
/// # Errors
/// When the database fails.
pub async fn waits_for_passkey(core: &Core, session_id: Uuid, purpose: Purpose) -> Result<bool, AppError> {
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    Ok(current(&challenges).is_some_and(|living| living.kind == Channel::Passkey.as_str()))
}

/// A challenge that was answered right.
pub struct Proved {
    /// The challenge.
    pub challenge: challenge::Model,
    /// The time step of an authenticator app's code.
    pub step: Option<i64>,
    /// What a new entry is proved against from now on: the seed of an app, or the public key of a passkey.
    pub secret: Option<String>,
    /// The entry, where there may be several for one secondary auth. The challenge's destination is its name then.
    pub entry: Option<Uuid>,
}

/// Checks a code, or a passkey's answer as JSON. Every failure is counted and committed before the code is looked at. A right code opens a
/// transaction in which it is consumed; the caller adds what the code allows and commits.
///
/// # Errors
/// `Invalid` for what is no code; `Refused` with the reason.
#[allow(clippy::too_many_lines, reason = "one step after the other, in the order that counts")]
pub async fn check(
    core: &Core,
    origin: &Origin,
    account_id: Uuid,
    session_id: Uuid,
    purpose: Purpose,
    code: &str,
) -> Result<(Proved, DatabaseTransaction), AppError> {
    let (rules, now) = (rules(core).await?, core.clock.now());
    let challenges = store::newest(&core.db, session_id, purpose.as_str()).await.map_err(failed)?;
    let is_passkey = current(&challenges).is_some_and(|living| living.kind == Channel::Passkey.as_str());
    let code = if is_passkey { Ok(code.to_owned()) } else { validate::code(code) };
    let code = code.map_err(|problem| AppError::field("code", problem))?;
    let living = current(&challenges).ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
    let about =
        About { account_id, purpose, secondary_auth_id: living.secondary_auth_id, destination: &living.destination };
    let refused = async |error| trail::refused(core, origin, &about, error).await;
    if let Err(error) = check_living(living, &rules, now) {
        return Err(refused(error).await);
    }
    if let Err(error) = check_counters(core, &rules, origin, account_id, now).await {
        return Err(refused(error).await);
    }
    let most = rules.count(Setting::CodeTries);
    let Some(tries) = store::take_try(&core.db, living.id, most, now).await.map_err(failed)? else {
        // Another request was faster: it used the code up, or the tries.
        let now_living = challenge::Entity::find_by_id(living.id).one(&core.db).await.map_err(failed)?;
        let error = check_living(&now_living.ok_or(AppError::Internal)?, &rules, now).err().unwrap_or(AppError::Busy);
        return Err(refused(error).await);
    };
    // Counted after the try was taken, so that no more than the tries of a code ever reach the account's counter.
    let lock = lock_of(&rules);
    let Some(failures) = store::count_failure(&core.db, account_id, &lock, now).await.map_err(failed)? else {
        let error = check_counters(core, &rules, origin, account_id, now).await.err().unwrap_or(AppError::Busy);
        return Err(refused(error).await);
    };
    let right = match compare(core, living, purpose, &code).await? {
        Compared::Right(right) => right,
        Compared::Wrong => {
            let error = wrong(core, &rules, origin, account_id, &challenges, living, tries, &code, now).await;
            trail::wrong(core, origin, &about, &error).await?;
            record_consequence(core, &lock, origin, account_id, failures).await?;
            return Err(error);
        }
        Compared::Copied => return Err(copied(core, &lock, origin, &about, failures).await),
    };
    let transaction = database::begin(&core.db).await.map_err(failed)?;
    // In the order of those who begin to wait for an answer.
    store::lock_account(&transaction, account_id).await.map_err(failed)?;
    if !store::consume(&transaction, living.id, now).await.map_err(failed)? {
        transaction.rollback().await.map_err(failed)?;
        return Err(refused(AppError::refused(Refusal::CodeUsed)).await);
    }
    let mut proved = Proved { challenge: living.clone(), step: None, secret: None, entry: None };
    let auth = living.secondary_auth_id;
    match right {
        Right::Sent => {}
        // A new entry begins with the step that proved it.
        Right::Step(step) if purpose == Purpose::Enroll => {
            proved.step = Some(step);
            proved.secret = secret_of(core, living)?;
        }
        Right::Step(step) => {
            if !enrollment::store::take_step(&transaction, account_id, auth, step).await.map_err(failed)? {
                transaction.rollback().await.map_err(failed)?;
                return Err(refused(AppError::refused(Refusal::StepUsed)).await);
            }
        }
        Right::NewKey(key) => proved.secret = Some(key),
        Right::Key(used) => match passkey::accept(&transaction, core, account_id, auth, &used).await? {
            Ok(entry) => {
                proved.entry = Some(entry.id);
                proved.challenge.destination = entry.destination;
            }
            Err(rejected) => {
                transaction.rollback().await.map_err(failed)?;
                return Err(match rejected {
                    Rejected::Copied => copied(core, &lock, origin, &about, failures).await,
                    Rejected::Wrong(_) => refused(AppError::refused(Refusal::StartAgain)).await,
                });
            }
        },
    }
    store::clear_failures(&transaction, account_id).await.map_err(failed)?;
    Ok((proved, transaction))
}

/// What the comparison of an answer came to.
enum Compared {
    /// It is right.
    Right(Right),
    /// It is not.
    Wrong,
    /// It is the right answer of a key that may have been copied.
    Copied,
}

/// What a right answer was.
enum Right {
    /// The code that was sent.
    Sent,
    /// The code of an authenticator app, at this time step.
    Step(i64),
    /// A new passkey, as JSON.
    NewKey(String),
    /// The answer of a known passkey.
    Key(Used),
}

/// Compares an answer with what its challenge expects.
async fn compare(core: &Core, living: &challenge::Model, purpose: Purpose, code: &str) -> Result<Compared, AppError> {
    let right = match kind_of(living)? {
        Channel::Smtp | Channel::Sms => {
            vault::same(&code_hash(core, living, code), &living.code_hash).then_some(Right::Sent)
        }
        Channel::Authenticator => {
            let seed = if purpose == Purpose::Enroll {
                secret_of(core, living)?
            } else {
                let (account, auth) = (living.account_id, living.secondary_auth_id);
                let entry = enrollment::store::by_auth(&core.db, account, auth).await.map_err(failed)?;
                entry.map(|entry| enrollment::service::secret_of(core, &entry)).transpose()?.flatten()
            };
            let now = core.clock.now();
            seed.and_then(|seed| authenticator::matching_step(&seed, code, now)).map(Right::Step)
        }
        Channel::Passkey => {
            let question = secret_of(core, living)?.ok_or_else(|| internal("a challenge without its question"))?;
            match passkey::check(core, &question, purpose, code)? {
                Answer::New(key) => Some(Right::NewKey(key)),
                Answer::Known(used) => Some(Right::Key(used)),
                Answer::Rejected(Rejected::Copied) => return Ok(Compared::Copied),
                Answer::Rejected(Rejected::Wrong(_)) => None,
            }
        }
    };
    Ok(right.map_or(Compared::Wrong, Compared::Right))
}

/// Records that a passkey may have been copied, and tells the account by mail.
async fn copied(core: &Core, lock: &Lock, origin: &Origin, about: &About<'_>, failures: i32) -> AppError {
    let told = async {
        throttle::count(&core.db, &address_key(origin), core.clock.now(), ADDRESS_WINDOW).await.map_err(failed)?;
        record_consequence(core, lock, origin, about.account_id, failures).await?;
        let account = account::Entity::find_by_id(about.account_id).one(&core.db).await.map_err(failed)?;
        delivery::service::announce(&core.db, core, &account.ok_or(AppError::SignInNeeded)?, Notice::PasskeyCopied)
            .await
    };
    match told.await {
        Ok(()) => trail::refused(core, origin, about, AppError::refused(Refusal::PasskeyCopied)).await,
        Err(error) => error,
    }
}

/// When failures lock a second factor or switch it off, by the rules of now.
pub(crate) fn lock_of(rules: &Rules) -> Lock {
    Lock {
        every: rules.count(Setting::LockFailures),
        seconds: rules.seconds(Setting::LockMinutes),
        disable_at: rules.count(Setting::DisableFailures),
    }
}

/// Whether the account and the client's address may still try.
async fn check_counters(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    account_id: Uuid,
    now: i64,
) -> Result<(), AppError> {
    let failures = throttle::counted(&core.db, &address_key(origin), now, ADDRESS_WINDOW).await.map_err(failed)?;
    if failures >= FAILURES_PER_ADDRESS {
        return Err(AppError::refused(Refusal::FactorLocked { minutes: minutes_up(ADDRESS_WINDOW) }));
    }
    let account = account::Entity::find_by_id(account_id).one(&core.db).await.map_err(failed)?;
    check_factor(&account.ok_or(AppError::SignInNeeded)?, rules, now)
}

/// What to say about a wrong code: it was replaced, it was the last try, or how many are left.
#[allow(clippy::too_many_arguments, reason = "all of it is at hand in its one caller")]
async fn wrong(
    core: &Core,
    rules: &Rules,
    origin: &Origin,
    account_id: Uuid,
    challenges: &[challenge::Model],
    living: &challenge::Model,
    tries: i32,
    code: &str,
    now: i64,
) -> AppError {
    if let Err(error) = throttle::count(&core.db, &address_key(origin), now, ADDRESS_WINDOW).await {
        return failed(error);
    }
    let account = match account::Entity::find_by_id(account_id).one(&core.db).await {
        Ok(Some(account)) => account,
        Ok(None) => return AppError::SignInNeeded,
        Err(error) => return failed(error),
    };
    if let Err(error) = check_factor(&account, rules, now) {
        return error;
    }
    let most = rules.count(Setting::CodeTries);
    let replaced = challenges.iter().filter(|c| c.replaced_by.is_some() && !c.code_hash.is_empty());
    let mut replaced = replaced.filter(|c| vault::same(&code_hash(core, c, code), &c.code_hash));
    AppError::refused(if replaced.next().is_some() {
        Refusal::CodeReplaced { reference: living.reference.clone() }
    } else if tries >= most {
        kind_of(living).map_or(Refusal::TriesExhausted, exhausted)
    } else {
        let tries_left = u32::try_from(most - tries).unwrap_or_default();
        match kind_of(living) {
            Ok(Channel::Passkey) => Refusal::WrongPasskey { tries_left },
            _ => Refusal::WrongCode { tries_left },
        }
    })
}

/// Records the lock that the account's so many failures brought about.
pub(crate) async fn record_consequence(
    core: &Core,
    lock: &Lock,
    origin: &Origin,
    account_id: Uuid,
    failures: i32,
) -> Result<(), AppError> {
    let consequence = if failures >= lock.disable_at {
        Action::FactorDisabled
    } else if failures % lock.every == 0 {
        Action::FactorLocked
    } else {
        return Ok(());
    };
    let account = account::Entity::find_by_id(account_id).one(&core.db).await.map_err(failed)?;
    let account = account.ok_or(AppError::SignInNeeded)?;
    let event = Event::new(consequence, Actor::Account(&account, origin)).with(format!("failures: {failures}"));
    audit::record(&core.db, core, event).await
}

/// The code that counts: the newest that was not replaced and did not certainly fail to leave.
fn current(challenges: &[challenge::Model]) -> Option<&challenge::Model> {
    challenges.iter().find(|c| c.replaced_by.is_none() && failure_of(c).is_none_or(|f| may_have_left(&f)))
}

/// A new code helps, or a new beginning where none is sent.
const fn expired(kind: Channel) -> Refusal {
    if kind.sends() { Refusal::CodeExpired } else { Refusal::StartAgain }
}

const fn exhausted(kind: Channel) -> Refusal {
    if kind.sends() { Refusal::TriesExhausted } else { Refusal::StartAgain }
}

fn check_living(challenge: &challenge::Model, rules: &Rules, now: i64) -> Result<(), AppError> {
    let kind = kind_of(challenge)?;
    Err(AppError::refused(if challenge.consumed_at.is_some() {
        Refusal::CodeUsed
    } else if challenge.expires_at <= now {
        expired(kind)
    } else if challenge.tries >= rules.count(Setting::CodeTries) {
        exhausted(kind)
    } else {
        return Ok(());
    }))
}

/// Whether the account's second factor takes codes at the moment.
///
/// # Errors
/// `FactorDisabled` or `FactorLocked`.
pub fn check_factor(account: &account::Model, rules: &Rules, now: i64) -> Result<(), AppError> {
    if account.factor_failures >= rules.count(Setting::DisableFailures) {
        return Err(AppError::refused(Refusal::FactorDisabled));
    }
    match account.factor_locked_until {
        Some(until) if until > now => {
            Err(AppError::refused(Refusal::FactorLocked { minutes: minutes_up(until - now) }))
        }
        _ => Ok(()),
    }
}

/// Bound to everything that a code must not be moved between (ASVS 6.6.2).
fn code_hash(core: &Core, c: &challenge::Model, code: &str) -> String {
    let (id, account, session, auth) =
        (c.id.to_string(), c.account_id.to_string(), c.session_id.to_string(), c.secondary_auth_id.to_string());
    core.vault.keyed_hash(&["code", &id, &account, &session, &auth, &c.purpose, &c.destination, code])
}

/// Seconds until Send New Code works. A message that certainly did not leave asks for no pause.
fn wait_for_resend(last: &challenge::Model, rules: &Rules, now: i64) -> u32 {
    let sends = kind_of(last).is_ok_and(Channel::sends);
    let free = !sends || failure_of(last).is_some_and(|failure| !may_have_left(&failure));
    let end = last.created_at + rules.seconds(Setting::CoolDownSeconds);
    if free { 0 } else { u32::try_from(end - now).unwrap_or(0) }
}

fn failure_of(challenge: &challenge::Model) -> Option<DeliveryFailure> {
    challenge.failure.as_deref().and_then(|text| serde_json::from_str(text).ok())
}

fn refusal(error: AppError) -> Option<Refusal> {
    match error {
        AppError::Refused { reason, .. } => Some(reason),
        _ => None,
    }
}

pub(crate) fn address_key(origin: &Origin) -> String {
    format!("code-address:{}", origin.address)
}

pub(crate) fn minutes_up(seconds: i64) -> u32 {
    u32::try_from((seconds + 59) / 60).unwrap_or(1).max(1)
}

/// A destination with most of it hidden: `a•••e@example.org`, `+44•••••89`. Other texts are names, which hide nothing.
pub fn mask(destination: &str) -> String {
    if destination.len() > 6 && destination.starts_with('+') && !destination.contains('@') {
        return phone::mask(destination);
    }
    let Some((local, domain)) = destination.rsplit_once('@') else { return destination.to_owned() };
    let mut letters = local.chars();
    let first = letters.next().map(String::from).unwrap_or_default();
    let last = if local.chars().count() > 3 {
        letters.next_back().map(String::from).unwrap_or_default()
    } else {
        String::new()
    };
    format!("{first}•••{last}@{domain}")
}
