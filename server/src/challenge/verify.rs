//! The one road of every proof of every purpose. A try and a failure are counted and committed before anything is
//! compared; a right answer is used up together with everything that follows from it, or not at all.

use super::{
    keys,
    limits::{ADDRESS_WINDOW, address_counter, check_address},
    place,
    send::kind_of,
    state::{Life, State, current},
    store,
    trail::{self, About},
};
use crate::{
    accounts::factor::{self, Counted, Standing, count_failure},
    audit::{self, Actor, Event},
    channel::{self, Asker, Expected, Right, Verdict, Verifier, recovery},
    core::Core,
    entity::{challenge, recovery_code},
    entries::{
        self,
        recovery_codes::{self, CodeKind},
    },
    error::Error,
    outbox,
    platform::{database, throttle},
    providers::passkey::{Rejected, Used},
    rules::{Rules, rules},
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::{port::Answer, types::Purpose},
    configuration::types::Setting,
    delivery::message::Notice,
    error::{AppError, Refusal},
    services::types::Channel,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// An answer that was right.
pub struct Proved {
    /// The settings as they were when it was checked.
    pub rules: Rules,
    /// By what it was proved, for the audit log.
    pub method: String,
    /// By what it was proved.
    pub by: By,
}

/// By what something was proved.
pub enum By {
    /// An entry of the account.
    Entry {
        /// Its secondary auth.
        secondary_auth_id: Uuid,
        /// Which entry, where there may be several for one secondary auth.
        entry: Option<Uuid>,
    },
    /// An entry to come.
    New(NewEntry),
    /// A recovery or helpdesk code.
    RecoveryCode(CodeKind),
}

/// What an entry is made of once it is proved.
pub struct NewEntry {
    /// The kind of its provider.
    pub kind: Channel,
    /// Its secondary auth.
    pub secondary_auth_id: Uuid,
    /// Where codes go; nothing where none are sent.
    pub destination: String,
    /// The seed of an app or the public key of a passkey.
    pub secret: Option<String>,
    /// The time step that proved it.
    pub last_step: Option<i64>,
}

/// Checks an answer. What follows from a right one is done in the same transaction.
///
/// # Errors
/// `Invalid` for what cannot be an answer; `Refused` with the reason; what `then` refuses.
pub async fn verify<T>(
    core: &Core,
    session: &Session,
    purpose: Purpose,
    answer: Answer<'_>,
    then: impl AsyncFnOnce(&DatabaseTransaction, Proved) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let attempt = Attempt { core, session, purpose, rules: rules(core).await?, now: core.clock.now() };
    let (asked, right) = match answer {
        Answer::Code(typed) => attempt.code(typed).await?,
        Answer::RecoveryCode(typed) => attempt.recovery_code(typed).await?,
    };
    attempt.accept(asked, right, then).await
}

/// One answer of a session.
struct Attempt<'a> {
    core: &'a Core,
    session: &'a Session,
    purpose: Purpose,
    rules: Rules,
    now: i64,
}

/// What was answered, and how.
struct Answered {
    /// The challenge or the code that is used up.
    what: What,
    /// The failures that were counted before the comparison.
    counted: Counted,
    /// The title of the secondary auth.
    title: Option<String>,
    /// The challenge's secret, opened.
    secret: Option<String>,
}

enum What {
    Challenge(Box<challenge::Model>),
    RecoveryCode(recovery_code::Model),
}

impl Attempt<'_> {
    /// Compares the answer to the running challenge.
    async fn code(&self, typed: &str) -> Result<(Answered, Right), AppError> {
        let counter = address_counter(&self.session.origin);
        let since = self.now - ADDRESS_WINDOW;
        let asked = store::asked(&self.core.db, self.session.id, self.purpose, &counter, since).await?;
        let (mut challenges, mut rest): (Vec<_>, Vec<_>) = asked.into_iter().map(split).unzip();
        let place_of = current(&challenges).and_then(|found| challenges.iter().position(|c| c.id == found.id));
        let channel = match place_of {
            Some(place) => channel::of(kind_of(&challenges[place])?),
            None => channel::of(Channel::Smtp),
        };
        let answer = channel.read(typed)?;
        let place_of = place_of.ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
        let (challenge, facts) = (challenges.swap_remove(place_of), rest.swap_remove(place_of));
        let about = self.about(trail::method(facts.title.as_deref(), &challenge.destination));
        if let Err(error) = self.check_gates(channel, &challenge, &facts) {
            return Err(about.refused(self.core, error).await);
        }
        let (tries, counted) = match self.count(channel, &challenge).await? {
            Ok(counted) => counted,
            Err(error) => return Err(about.refused(self.core, error).await),
        };
        let secret = self.secret(channel, &challenge, &facts)?;
        let expected = Expected::Challenge {
            challenge: &challenge,
            purpose: self.purpose,
            secret: secret.as_deref(),
            now: self.now,
        };
        match channel.compare(Asker::of(self.core), &counted, &expected, &answer)? {
            Verdict::Right(right) => {
                let what = What::Challenge(Box::new(challenge));
                Ok((Answered { what, counted, title: facts.title, secret }, right))
            }
            Verdict::Wrong | Verdict::Spent(_) => {
                throttle::count(&self.core.db, &counter, self.now, ADDRESS_WINDOW).await?;
                let error = self.words_for_wrong(channel, &challenges, &challenge, tries, counted, &answer)?;
                let error = about.wrong(self.core, error).await;
                self.record_consequence(counted).await?;
                Err(error)
            }
            Verdict::Copied => Err(self.copied(&about, counted).await),
        }
    }

    /// Whether the challenge, the client's address and the account may still be tried.
    fn check_gates(&self, channel: &dyn Verifier, challenge: &challenge::Model, facts: &Facts) -> Result<(), AppError> {
        self.check_open(channel, challenge)?;
        check_address(facts.address_failures)?;
        facts.standing.check(&self.rules, self.now)
    }

    fn check_open(&self, channel: &dyn Verifier, challenge: &challenge::Model) -> Result<(), AppError> {
        Err(AppError::refused(match Life::of(challenge).state(self.now, self.rules.count(Setting::CodeTries)) {
            State::Open => return Ok(()),
            State::Used => Refusal::CodeUsed,
            State::Expired => channel.expired(),
            State::Exhausted => channel.exhausted(),
            State::Replaced | State::Failed => Refusal::NoChallenge,
        }))
    }

    /// Takes a try from the challenge and counts a failure on the account, each in a statement of its own that is
    /// committed at once. The failure comes second, so that no more than the tries of a code ever reach the account.
    async fn count(
        &self,
        channel: &dyn Verifier,
        challenge: &challenge::Model,
    ) -> Result<Result<(i32, Counted), AppError>, AppError> {
        let (core, most) = (self.core, self.rules.count(Setting::CodeTries));
        let Some(tries) = store::take_try(&core.db, challenge.id, most, self.now).await? else {
            // Another request was faster: it used the code up, or the tries.
            let now_is = store::by_id(&core.db, challenge.id).await?.ok_or(AppError::Internal)?;
            return Ok(Err(self.check_open(channel, &now_is).err().unwrap_or(AppError::Busy)));
        };
        let counted = count_failure(&core.db, challenge.account_id, &self.rules, self.now).await?;
        Ok(match counted {
            Some(counted) => Ok((tries, counted)),
            None => Err(self.standing_now().await?.err().unwrap_or(AppError::Busy)),
        })
    }

    /// How the account stands once another request was faster.
    async fn standing_now(&self) -> Result<Result<(), AppError>, AppError> {
        let standing = factor::standing(&self.core.db, self.session.account_id).await?.ok_or(AppError::SignInNeeded)?;
        Ok(standing.check(&self.rules, self.now))
    }

    /// What the answer is compared with where no code was sent: the challenge's own secret, or else the entry's.
    fn secret(
        &self,
        channel: &dyn Verifier,
        challenge: &challenge::Model,
        facts: &Facts,
    ) -> Result<Option<String>, Error> {
        if let Some(sealed) = challenge.secret.as_deref() {
            return Ok(Some(self.core.vault.open_sealed(&place(challenge.id), sealed)?));
        }
        match (facts.entry_id, facts.entry_secret.as_deref()) {
            (Some(entry), Some(sealed)) if channel.compares_with_entry() => {
                Ok(Some(entries::secret::open_of(&self.core.vault, entry, sealed)?))
            }
            _ => Ok(None),
        }
    }

    /// What to say about a wrong code: it locked the account, it was replaced, it was the last try, or how many are
    /// left.
    fn words_for_wrong(
        &self,
        channel: &dyn Verifier,
        others: &[challenge::Model],
        challenge: &challenge::Model,
        tries: i32,
        counted: Counted,
        answer: &str,
    ) -> Result<AppError, AppError> {
        if let Err(error) = counted.standing().map_or(Ok(()), |standing| standing.check(&self.rules, self.now)) {
            return Ok(error);
        }
        for other in others.iter().filter(|other| other.replaced_by.is_some() && !other.code_hash.is_empty()) {
            let expected = Expected::Challenge { challenge: other, purpose: self.purpose, secret: None, now: self.now };
            let was = channel::of(kind_of(other)?).compare(Asker::of(self.core), &counted, &expected, answer)?;
            if matches!(was, Verdict::Right(_)) {
                let reference = challenge.reference.clone();
                return Ok(AppError::refused(Refusal::CodeReplaced { reference }));
            }
        }
        let tries_left = self.rules.count(Setting::CodeTries) - tries;
        Ok(AppError::refused(match u32::try_from(tries_left) {
            Ok(left) if left > 0 => channel.wrong(left),
            _ => channel.exhausted(),
        }))
    }

    /// Compares a code that stands in for any challenge.
    async fn recovery_code(&self, typed: &str) -> Result<(Answered, Right), AppError> {
        let (core, account) = (self.core, self.session.account_id);
        let (channel, about) = (&recovery::Recovery, self.about("recovery code".to_owned()));
        let answer = channel.read(typed)?;
        let hash = recovery::hash(&core.vault, account, &answer);
        let counter = address_counter(&self.session.origin);
        let facts = store::unasked(&core.db, account, &counter, self.now - ADDRESS_WINDOW).await?;
        let facts = facts.ok_or(AppError::SignInNeeded)?;
        if let Err(error) = check_address(facts.address_failures) {
            return Err(about.refused(core, error).await);
        }
        let locked = match facts.standing.check(&self.rules, self.now) {
            Ok(()) => None,
            Err(error @ AppError::Refused { reason: Refusal::FactorLocked { .. }, .. }) => Some(error),
            Err(error) => return Err(about.refused(core, error).await),
        };
        let counted = match &locked {
            Some(_) => Counted::while_locked(),
            None => match count_failure(&core.db, account, &self.rules, self.now).await? {
                Some(counted) => counted,
                // Another request locked it at this moment.
                None => {
                    let error = self.standing_now().await?.err().unwrap_or(AppError::Busy);
                    return Err(about.refused(core, error).await);
                }
            },
        };
        let stored = recovery_codes::by_hash(&core.db, account, &hash).await?;
        let expected = Expected::RecoveryCode { stored: stored.as_ref(), now: self.now };
        let verdict = channel.compare(Asker::of(core), &counted, &expected, &answer)?;
        let reason = match (verdict, stored) {
            (Verdict::Right(right), Some(code)) => {
                let answered = Answered { what: What::RecoveryCode(code), counted, title: None, secret: None };
                return Ok((answered, right));
            }
            (Verdict::Spent(reason), _) => reason,
            _ => channel.wrong(0),
        };
        throttle::count(&core.db, &counter, self.now, ADDRESS_WINDOW).await?;
        let standing = counted.standing().map_or(Ok(()), |standing| standing.check(&self.rules, self.now));
        let error = locked.or(standing.err()).unwrap_or_else(|| AppError::refused(reason));
        let error = about.refused(core, error).await;
        self.record_consequence(counted).await?;
        Err(error)
    }

    /// Uses a right answer up, with everything that follows from it.
    async fn accept<T>(
        self,
        answered: Answered,
        right: Right,
        then: impl AsyncFnOnce(&DatabaseTransaction, Proved) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let transaction = database::begin(&self.core.db).await?;
        // Locks the account, in the order of those who begin a challenge.
        factor::clear_failures(&transaction, self.session.account_id).await?;
        let counted = answered.counted;
        let used = match &answered.what {
            What::Challenge(challenge) => store::consume(&transaction, challenge.id, self.now).await?,
            What::RecoveryCode(code) => recovery_codes::consume(&transaction, code.id, self.now).await?,
        };
        let taken = if used { self.take(&transaction, answered, right).await? } else { Err(Lost::Used(answered)) };
        let (method, by) = match taken {
            Ok(taken) => taken,
            Err(lost) => {
                database::rollback(transaction).await?;
                return Err(self.lost(lost, counted).await);
            }
        };
        let recovery_code = if let By::RecoveryCode(kind) = by { Some(kind) } else { None };
        let (core, session, purpose) = (self.core, self.session, self.purpose);
        let done = then(&transaction, Proved { rules: self.rules, method, by }).await?;
        if let Some(kind) = recovery_code {
            record_recovery_code(&transaction, core, session, purpose, kind).await?;
        }
        database::commit(transaction).await?;
        Ok(done)
    }

    /// What a right answer changes in the tables, and what it proves.
    async fn take(
        &self,
        db: &DatabaseTransaction,
        answered: Answered,
        right: Right,
    ) -> Result<Result<(String, By), Lost>, AppError> {
        let challenge = match answered.what {
            What::Challenge(ref challenge) => challenge.clone(),
            What::RecoveryCode(ref code) => {
                let kind = code.kind()?;
                return Ok(Ok((kind.text().to_owned(), By::RecoveryCode(kind))));
            }
        };
        let method = trail::method(answered.title.as_deref(), &challenge.destination);
        let (account, auth, enrolls) =
            (challenge.account_id, challenge.secondary_auth_id, self.purpose == Purpose::Enroll);
        let known = |entry| By::Entry { secondary_auth_id: auth, entry };
        let new = |secret, last_step| -> Result<By, Error> {
            let (kind, destination) = (kind_of(&challenge)?, challenge.destination.clone());
            Ok(By::New(NewEntry { kind, secondary_auth_id: auth, destination, secret, last_step }))
        };
        Ok(Ok(match right {
            Right::Sent if enrolls => (method, new(None, None)?),
            Right::Sent => (method, known(None)),
            // A new entry begins with the step that proved it.
            Right::Step(step) if enrolls => (method, new(answered.secret, Some(step))?),
            Right::Step(step) => {
                if !entries::store::take_step(db, account, auth, step).await? {
                    return Ok(Err(Lost::Step(method)));
                }
                (method, known(None))
            }
            Right::NewKey(key) => (method, new(Some(key), None)?),
            Right::Key(used) => return self.take_key(db, &challenge, answered.title.as_deref(), &used).await,
            Right::Recovery => return Err(Error::broken("a recovery code answered a challenge").into()),
        }))
    }

    async fn take_key(
        &self,
        db: &DatabaseTransaction,
        challenge: &challenge::Model,
        title: Option<&str>,
        used: &Used,
    ) -> Result<Result<(String, By), Lost>, AppError> {
        let auth = challenge.secondary_auth_id;
        Ok(match keys::accept(db, self.core, challenge.account_id, auth, used).await? {
            Ok(entry) => {
                let method = trail::method(title, &entry.destination);
                Ok((method, By::Entry { secondary_auth_id: auth, entry: Some(entry.id) }))
            }
            Err(Rejected::Copied) => Err(Lost::Copied(trail::method(title, &challenge.destination))),
            Err(Rejected::Wrong(_)) => Err(Lost::KeyGone(trail::method(title, &challenge.destination))),
        })
    }

    /// Records why a right answer did not count after all, and tells it.
    async fn lost(&self, lost: Lost, counted: Counted) -> AppError {
        let (method, reason) = match lost {
            Lost::Used(Answered { what: What::RecoveryCode(_), .. }) => {
                ("recovery code".to_owned(), Refusal::RecoveryCodeUsed)
            }
            Lost::Used(Answered { what: What::Challenge(challenge), title, .. }) => {
                (trail::method(title.as_deref(), &challenge.destination), Refusal::CodeUsed)
            }
            Lost::Step(method) => (method, Refusal::StepUsed),
            Lost::KeyGone(method) => (method, Refusal::StartAgain),
            Lost::Copied(method) => return self.copied(&self.about(method), counted).await,
        };
        self.about(method).refused(self.core, AppError::refused(reason)).await
    }

    /// Records that a passkey may have been copied, and tells the account by mail.
    async fn copied(&self, about: &About<'_>, counted: Counted) -> AppError {
        let (core, session) = (self.core, self.session);
        let recorded = async {
            let counter = address_counter(&session.origin);
            throttle::count(&core.db, &counter, self.now, ADDRESS_WINDOW).await?;
            self.record_consequence(counted).await?;
            let (account, email) = (session.account_id, &session.email);
            outbox::service::announce_to(&core.db, core, account, email, Notice::PasskeyCopied).await
        };
        match recorded.await {
            Ok(()) => about.refused(core, AppError::refused(Refusal::PasskeyCopied)).await,
            Err(error) => error,
        }
    }

    /// Records the lock that the account's so many failures brought about.
    async fn record_consequence(&self, counted: Counted) -> Result<(), AppError> {
        let Some(Standing { factor_failures: failures, .. }) = counted.standing() else { return Ok(()) };
        let action = if failures >= self.rules.count(Setting::DisableFailures) {
            Action::FactorDisabled
        } else if failures % self.rules.count(Setting::LockFailures) == 0 {
            Action::FactorLocked
        } else {
            return Ok(());
        };
        let event = Event::new(action, Actor::Session(self.session)).with(format!("failures: {failures}"));
        audit::record(&self.core.db, self.core, event).await
    }

    fn about(&self, method: String) -> About<'_> {
        About { actor: Actor::Session(self.session), purpose: self.purpose, method }
    }
}

/// Why a right answer did not count after all.
enum Lost {
    /// Another request was faster.
    Used(Answered),
    /// Its time step was accepted before.
    Step(String),
    /// Its key was removed meanwhile.
    KeyGone(String),
    /// Its key may have been copied.
    Copied(String),
}

/// What a challenge's answer depends on, beside the challenge.
struct Facts {
    standing: Standing,
    address_failures: i32,
    title: Option<String>,
    entry_id: Option<Uuid>,
    entry_secret: Option<String>,
}

fn split(asked: store::Asked) -> (challenge::Model, Facts) {
    let store::Asked { challenge, standing, address_failures, title, entry_id, entry_secret } = asked;
    (challenge, Facts { standing, address_failures, title, entry_id, entry_secret })
}

/// Records that a recovery or helpdesk code was used, and announces it by mail.
async fn record_recovery_code(
    db: &DatabaseTransaction,
    core: &Core,
    session: &Session,
    purpose: Purpose,
    kind: CodeKind,
) -> Result<(), AppError> {
    let (action, notice) = match kind {
        CodeKind::Helpdesk => (Action::HelpdeskCodeUsed, Notice::HelpdeskCodeUsed),
        CodeKind::Recovery => {
            let left = recovery_codes::count_left(db, session.account_id).await?;
            (Action::RecoveryCodeUsed, Notice::RecoveryCodeUsed(left))
        }
    };
    let event = Event::new(action, Actor::Session(session)).with(trail::purpose_text(purpose));
    audit::record(db, core, event).await?;
    outbox::service::announce_to(db, core, session.account_id, &session.email, notice).await
}
