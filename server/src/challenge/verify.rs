//! The one road of every proof of every purpose. A try and a failure are counted and committed before anything is
//! compared; a right answer is used up together with everything that follows from it, or not at all.

use super::{
    keys,
    limits::{ADDRESS_WINDOW, address_counter, check_address},
    secret_of,
    state::{Life, State, is_current},
    store::{self, Asked},
    trail::{self, About},
};
use crate::{
    accounts::factor::{self, Counted, Standing, count_failure},
    audit::{self, Actor, Event},
    channel::{self, Asker, Expected, Right, Verdict, Verifier, exhausted, expired, recovery},
    core::Core,
    entity::{
        challenge,
        recovery_code::{self, CodeKind},
    },
    entries::{self, recovery_codes},
    error::Error,
    outbox,
    platform::{database, throttle},
    providers::passkey::Rejected,
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
    /// By what it was answered, for the audit log.
    method: String,
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
        let mut others = store::asked(&self.core.db, self.session.id, self.purpose, &counter, since).await?;
        let found = others.iter().position(|asked| is_current(&asked.challenge));
        let kind = found.map_or(Channel::Smtp, |place| others[place].challenge.kind.0);
        let channel = channel::of(kind);
        let answer = channel.read(typed)?;
        let asked = found.map(|place| others.remove(place));
        let asked = asked.ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
        let method = trail::method(asked.title.as_deref(), &asked.challenge.destination);
        let about = self.about(method);
        if let Err(error) = self.check_gates(kind, &asked) {
            return Err(about.refused(self.core, error).await);
        }
        let (tries, counted) = match self.count(kind, &asked.challenge).await? {
            Ok(counted) => counted,
            Err(error) => return Err(about.refused(self.core, error).await),
        };
        let secret = self.secret(channel, &asked)?;
        let (challenge, secret_in) = (&asked.challenge, secret.as_deref());
        let expected = Expected::Challenge { challenge, purpose: self.purpose, secret: secret_in, now: self.now };
        match channel.compare(Asker::of(self.core), &counted, &expected, &answer)? {
            Verdict::Right(right) => {
                let (what, method) = (What::Challenge(Box::new(asked.challenge)), about.method);
                Ok((Answered { what, counted, method, title: asked.title, secret }, right))
            }
            Verdict::Wrong | Verdict::Spent(_) => {
                throttle::count(&self.core.db, &counter, self.now, ADDRESS_WINDOW).await?;
                let error = self.words_for_wrong(kind, &others, &asked.challenge, tries, counted, &answer)?;
                let error = about.wrong(self.core, error).await;
                self.record_consequence(counted).await?;
                Err(error)
            }
            Verdict::Copied => Err(self.copied(&about, counted).await),
        }
    }

    /// Whether the challenge, the client's address and the account may still be tried.
    fn check_gates(&self, kind: Channel, asked: &Asked) -> Result<(), AppError> {
        self.check_open(kind, &asked.challenge)?;
        check_address(asked.address_failures)?;
        asked.standing.check(&self.rules, self.now)
    }

    fn check_open(&self, kind: Channel, challenge: &challenge::Model) -> Result<(), AppError> {
        Err(AppError::refused(match Life::of(challenge).state(self.now, self.rules.count(Setting::CodeTries)) {
            State::Open => return Ok(()),
            State::Used => Refusal::CodeUsed,
            State::Expired => expired(kind),
            State::Exhausted => exhausted(kind),
            State::Replaced | State::Failed => Refusal::NoChallenge,
        }))
    }

    /// Takes a try from the challenge and counts a failure on the account, each in a statement of its own that is
    /// committed at once. The failure comes second, so that no more than the tries of a code ever reach the account.
    async fn count(
        &self,
        kind: Channel,
        challenge: &challenge::Model,
    ) -> Result<Result<(i32, Counted), AppError>, AppError> {
        let (core, most) = (self.core, self.rules.count(Setting::CodeTries));
        let Some(tries) = store::take_try(&core.db, challenge.id, most, self.now).await? else {
            // Another request was faster: it used the code up, or the tries.
            let now_is = store::by_id(&core.db, challenge.id).await?.ok_or(AppError::Internal)?;
            return Ok(Err(self.check_open(kind, &now_is).err().unwrap_or(AppError::Busy)));
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
    fn secret(&self, channel: &dyn Verifier, asked: &Asked) -> Result<Option<String>, Error> {
        if let Some(secret) = secret_of(self.core, &asked.challenge)? {
            return Ok(Some(secret));
        }
        match (asked.entry_id, asked.entry_secret.as_deref()) {
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
        kind: Channel,
        others: &[Asked],
        challenge: &challenge::Model,
        tries: i32,
        counted: Counted,
        answer: &str,
    ) -> Result<AppError, AppError> {
        if let Err(error) = counted.standing().map_or(Ok(()), |standing| standing.check(&self.rules, self.now)) {
            return Ok(error);
        }
        let others = others.iter().map(|asked| &asked.challenge);
        for other in others.filter(|other| other.replaced_by.is_some() && other.code_hash.0.is_some()) {
            let expected = Expected::Challenge { challenge: other, purpose: self.purpose, secret: None, now: self.now };
            let was = channel::of(other.kind.0).compare(Asker::of(self.core), &counted, &expected, answer)?;
            if matches!(was, Verdict::Right(_)) {
                let reference = challenge.reference.clone();
                return Ok(AppError::refused(Refusal::CodeReplaced { reference }));
            }
        }
        let tries_left = self.rules.count(Setting::CodeTries) - tries;
        Ok(AppError::refused(match u32::try_from(tries_left) {
            Ok(left) if left > 0 => channel::of(kind).wrong(left),
            _ => exhausted(kind),
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
                let (what, method) = (What::RecoveryCode(code), about.method);
                return Ok((Answered { what, counted, method, title: None, secret: None }, right));
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
        let (used, reason) = match &answered.what {
            What::Challenge(challenge) => {
                (store::consume(&transaction, challenge.id, self.now).await?, Refusal::CodeUsed)
            }
            What::RecoveryCode(code) => {
                (recovery_codes::consume(&transaction, code.id, self.now).await?, Refusal::RecoveryCodeUsed)
            }
        };
        // Another request may have been faster.
        let taken = if used { self.take(&transaction, &answered, right).await? } else { Err(Lost::Refused(reason)) };
        let (method, by) = match taken {
            Ok(taken) => taken,
            Err(lost) => {
                database::rollback(transaction).await?;
                let about = self.about(answered.method);
                return Err(match lost {
                    Lost::Refused(reason) => about.refused(self.core, AppError::refused(reason)).await,
                    Lost::Copied => self.copied(&about, answered.counted).await,
                });
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
        answered: &Answered,
        right: Right,
    ) -> Result<Result<(String, By), Lost>, AppError> {
        let challenge = match &answered.what {
            What::Challenge(challenge) => challenge,
            What::RecoveryCode(code) => {
                return Ok(Ok((code.kind.text().to_owned(), By::RecoveryCode(code.kind))));
            }
        };
        let (account, secondary_auth_id) = (challenge.account_id, challenge.secondary_auth_id);
        let enrolls = self.purpose == Purpose::Enroll;
        let known = By::Entry { secondary_auth_id, entry: None };
        let new = |secret, last_step| {
            let (kind, destination) = (challenge.kind.0, challenge.destination.clone());
            By::New(NewEntry { kind, secondary_auth_id, destination, secret, last_step })
        };
        let by = match right {
            Right::Sent if enrolls => new(None, None),
            Right::Sent => known,
            // A new entry begins with the step that proved it.
            Right::Step(step) if enrolls => new(answered.secret.clone(), Some(step)),
            Right::Step(step) => {
                if !entries::store::take_step(db, account, secondary_auth_id, step).await? {
                    return Ok(Err(Lost::Refused(Refusal::StepUsed)));
                }
                known
            }
            Right::NewKey(key) => new(Some(key), None),
            Right::Key(used) => match keys::accept(db, self.core, account, secondary_auth_id, &used).await? {
                Ok(entry) => {
                    let method = trail::method(answered.title.as_deref(), &entry.destination);
                    return Ok(Ok((method, By::Entry { secondary_auth_id, entry: Some(entry.id) })));
                }
                Err(Rejected::Copied) => return Ok(Err(Lost::Copied)),
                // The key was removed meanwhile.
                Err(Rejected::Wrong(_)) => return Ok(Err(Lost::Refused(Refusal::StartAgain))),
            },
            Right::Recovery => return Err(Error::broken("a recovery code answered a challenge").into()),
        };
        Ok(Ok((answered.method.clone(), by)))
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
    /// What is told.
    Refused(Refusal),
    /// Its key may have been copied.
    Copied,
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
