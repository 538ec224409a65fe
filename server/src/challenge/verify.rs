//! The one road of every proof of every purpose. A try and a failure are counted and committed before anything is
//! compared; a right answer is used up together with everything that follows from it, or not at all.

use super::{
    accept::Proved,
    limits::{address_counter, check_address, count_at_address},
    secret_of,
    state::{Life, State, is_current},
    store::{self, Asked},
    trail::{self, About},
};
use crate::{
    accounts::factor::{self, Counted, Standing, count_failure},
    audit::{self, Actor, Event},
    channel::{self, Asker, Expected, Right, Verdict, Verifier, exhausted, expired},
    core::Core,
    entity::{challenge, recovery_code},
    entries,
    error::Error,
    outbox::notice::announce,
    platform::{database, secret::Secret},
    rules::Rules,
};
use app::{
    audit::types::Action,
    caller::Session,
    challenge::{port::Answer, types::Purpose},
    configuration::types::Setting,
    delivery::notice::Notice,
    error::{AppError, Refusal},
    services::types::Channel,
};
use sea_orm::DatabaseTransaction;

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
    let attempt = Attempt { core, session, purpose, rules: &session.rules, now: core.clock.now() };
    let (asked, right) = match answer {
        Answer::Code(typed) => attempt.code(typed).await?,
        Answer::RecoveryCode(typed) => attempt.recovery_code(typed).await?,
    };
    attempt.accept(asked, right, then).await
}

/// One answer of a session.
pub(super) struct Attempt<'a> {
    pub(super) core: &'a Core,
    pub(super) session: &'a Session,
    pub(super) purpose: Purpose,
    pub(super) rules: &'a Rules,
    /// Unix seconds.
    pub(super) now: i64,
}

/// What was answered, and how.
pub(super) struct Answered {
    /// The challenge or the code that is used up.
    pub(super) what: What,
    /// The failures that were counted before the comparison.
    pub(super) counted: Counted,
    /// By what it was answered, for the audit log.
    pub(super) method: String,
    /// The title of the secondary auth.
    pub(super) title: Option<String>,
    /// The challenge's secret, opened.
    pub(super) secret: Option<Secret>,
}

pub(super) enum What {
    Challenge(Box<challenge::Model>),
    RecoveryCode(recovery_code::Model),
}

impl Attempt<'_> {
    /// Compares the answer to the running challenge.
    async fn code(&self, typed: &str) -> Result<(Answered, Right), AppError> {
        let counter = address_counter(&self.session.origin);
        let mut others = store::asked(&self.core.db, self.session.id, self.purpose, &counter, self.now).await?;
        let found = others.iter().position(|asked| is_current(&asked.challenge));
        let kind = found.map_or(Channel::Smtp, |place| others[place].challenge.kind.0);
        let channel = channel::of(kind);
        let answer = channel.read(typed)?;
        let asked = found.map(|place| others.remove(place));
        let asked = asked.ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
        let method = trail::method(asked.title.as_deref(), asked.challenge.destination.as_deref());
        let about = self.about(method);
        if let Err(error) = check_address(asked.address_failures) {
            return Err(self.over_limit(error).await);
        }
        if let Err(error) = self.check_gates(kind, &asked) {
            if asked.challenge.expires_at <= self.now {
                store::end(&self.core.db, asked.challenge.id).await?;
            }
            return Err(about.refused(self.core, error).await);
        }
        let (tries, counted) = match self.count(kind, &asked.challenge).await? {
            Ok(counted) => counted,
            Err(error) => return Err(about.refused(self.core, error).await),
        };
        let secret = self.secret(channel, &asked).await?;
        let (challenge, secret_in) = (&asked.challenge, secret.as_deref());
        let expected = Expected::Challenge { challenge, purpose: self.purpose, secret: secret_in, now: self.now };
        match channel.compare(Asker::of(self.core), &counted, &expected, &answer)? {
            Verdict::Right(right) => {
                let (what, method) = (What::Challenge(Box::new(asked.challenge)), about.method);
                Ok((Answered { what, counted, method, title: asked.title, secret }, right))
            }
            Verdict::Wrong | Verdict::Spent(_) => {
                count_at_address(self.core, &self.session.origin, self.session.account_id, self.now).await?;
                let error = self.error_for_wrong(kind, &others, &asked.challenge, tries, counted, &answer)?;
                let error = about.wrong(self.core, error).await;
                self.record_consequence(counted).await?;
                Err(error)
            }
            Verdict::Copied => Err(self.copied(&about, counted).await),
        }
    }

    /// Whether the challenge and the account may still be tried.
    fn check_gates(&self, kind: Channel, asked: &Asked) -> Result<(), AppError> {
        self.check_open(kind, &asked.challenge)?;
        asked.standing.check(self.rules, self.now)
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
            let now_is =
                store::by_id(&core.db, challenge.id).await?.ok_or_else(|| Error::broken("a challenge is gone"))?;
            return Ok(Err(self.check_open(kind, &now_is).err().unwrap_or(AppError::Busy)));
        };
        let counted = count_failure(&core.db, challenge.account_id, self.rules, self.now).await?;
        Ok(match counted {
            Some(counted) => Ok((tries, counted)),
            None => Err(self.standing_now().await?.err().unwrap_or(AppError::Busy)),
        })
    }

    /// How the account stands once another request was faster.
    pub(super) async fn standing_now(&self) -> Result<Result<(), AppError>, AppError> {
        let standing = factor::standing(&self.core.db, self.session.account_id).await?.ok_or(AppError::SignInNeeded)?;
        Ok(standing.check(self.rules, self.now))
    }

    /// What the answer is compared with where no code was sent: the challenge's own secret, or else the entry's.
    async fn secret(&self, channel: &dyn Verifier, asked: &Asked) -> Result<Option<Secret>, Error> {
        if let Some(secret) = secret_of(self.core, &asked.challenge).await? {
            return Ok(Some(secret));
        }
        match (asked.entry_id, asked.entry_secret.as_deref()) {
            (Some(entry), Some(sealed)) if channel.compares_with_entry() => {
                Ok(Some(entries::secret::open_of(&self.core.db, &self.core.vault, entry, sealed).await?))
            }
            _ => Ok(None),
        }
    }

    /// What to say about a wrong code: it locked the account, it was replaced, it was the last try, or how many are
    /// left.
    fn error_for_wrong(
        &self,
        kind: Channel,
        others: &[Asked],
        challenge: &challenge::Model,
        tries: i32,
        counted: Counted,
        answer: &str,
    ) -> Result<AppError, AppError> {
        if let Err(error) = counted.standing().map_or(Ok(()), |standing| standing.check(self.rules, self.now)) {
            return Ok(error);
        }
        let others = others.iter().map(|asked| &asked.challenge);
        // While the newest is on its way, those before it are not marked as replaced yet.
        let is_replaced = |other: &challenge::Model| {
            let life = Life::of(other);
            life.replaced || (other.id < challenge.id && !life.used && !life.failed)
        };
        for other in others.filter(|other| is_replaced(other) && other.code_hash.is_some()) {
            let expected = Expected::Challenge { challenge: other, purpose: self.purpose, secret: None, now: self.now };
            let was = channel::of(other.kind.0).compare(Asker::of(self.core), &counted, &expected, answer)?;
            if matches!(was, Verdict::Right(_)) {
                let reference = challenge.reference.clone().unwrap_or_default();
                return Ok(AppError::refused(Refusal::CodeReplaced { reference }));
            }
        }
        let tries_left = self.rules.count(Setting::CodeTries) - tries;
        Ok(AppError::refused(match u32::try_from(tries_left) {
            Ok(left) if left > 0 => channel::of(kind).wrong(left),
            _ => exhausted(kind),
        }))
    }

    /// Records that a passkey may have been copied, and tells the account by mail.
    pub(super) async fn copied(&self, about: &About<'_>, counted: Counted) -> AppError {
        let (core, session) = (self.core, self.session);
        let recorded = async {
            count_at_address(core, &session.origin, session.account_id, self.now).await?;
            self.record_consequence(counted).await?;
            announce(&core.db, core, session, Some(&session.origin), Notice::PasskeyCopied).await
        };
        match recorded.await {
            Ok(()) => about.refused(core, AppError::refused(Refusal::PasskeyCopied)).await,
            Err(error) => error,
        }
    }

    /// Records the lock that the account's so many failures brought about, and tells the account: whoever entered them
    /// has its password.
    pub(super) async fn record_consequence(&self, counted: Counted) -> Result<(), AppError> {
        let Some(Standing { factor_failures: failures, .. }) = counted.standing() else { return Ok(()) };
        let (action, notice) = if failures >= self.rules.count(Setting::DisableFailures) {
            (Action::FactorDisabled, Notice::FactorDisabled)
        } else if failures % self.rules.count(Setting::LockFailures) == 0 {
            (Action::FactorLocked, Notice::FactorLocked)
        } else {
            return Ok(());
        };
        let event = Event::new(action, Actor::Session(self.session)).with(format!("failures: {failures}"));
        let transaction = database::begin(&self.core.db).await?;
        audit::record(&transaction, self.core, event).await?;
        announce(&transaction, self.core, self.session, Some(&self.session.origin), notice).await?;
        Ok(database::commit(transaction).await?)
    }

    /// Counts a refusal over the limit of the client's network, in place of a line of its own.
    pub(super) async fn over_limit(&self, error: AppError) -> AppError {
        match audit::sum(self.core, Action::CodeRefused, &self.session.origin).await {
            Ok(()) => error,
            Err(failure) => failure.into(),
        }
    }

    pub(super) fn about(&self, method: String) -> About<'_> {
        About { actor: Actor::Session(self.session), purpose: self.purpose, method }
    }
}
