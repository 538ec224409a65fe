//! Signing in with the password and the second factor in one form, while the passwords of strangers lock the account. Both
//! are right or nothing is: whatever is refused is told alike, takes as long, and leaves no session behind.

use super::{
    question::{self, Asked},
    service::{Login, Opened},
};
use crate::{
    accounts::password,
    audit::{self, Actor, Event},
    challenge::{ask, prepared, send::Target},
    entity::account,
    entries::{self, store::UsableEntry},
    platform::database,
    rules::{Rules, rules},
    sessions,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session},
    challenge::{port::Answer, types::Purpose},
    error::{AppError, Refusal},
    login::{
        port::{LoginPort, PasskeyAnswer, Verified},
        types::Audience,
    },
    services::types::Channel,
    validate,
};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// How long it takes to refuse a password with its second factor: longer than any of the reasons needs.
const REFUSAL_TAKES: Duration = Duration::from_millis(400);

/// What is given beside the password.
enum Beside {
    /// The code of an authenticator app.
    Code(String),
    /// The answer of a passkey, and what it was asked.
    Passkey(String, Box<Asked>),
}

impl Beside {
    /// Whether it can prove this entry of an account.
    fn is_for(&self, account: &account::Model, entry: &UsableEntry) -> bool {
        match self {
            Self::Code(_) => entry.kind == Channel::Authenticator,
            Self::Passkey(_, asked) => {
                asked.account_id == account.id
                    && asked.secondary_auth_id == entry.secondary_auth_id
                    && entry.kind == Channel::Passkey
            }
        }
    }
}

impl Login {
    /// Password and code of an authenticator app.
    pub(super) async fn with_code(
        &self,
        origin: &Origin,
        audience: Audience,
        (email, password): (&str, &str),
        code: &str,
        old: Option<&Session>,
    ) -> Result<Verified, AppError> {
        // What cannot be a code is told before anything is compared: it says nothing about the password.
        let code = validate::code(code).map_err(|problem| AppError::field("code", problem))?;
        self.alike(old, self.both(origin, audience, (email, password), Beside::Code(code))).await
    }

    /// Password and answer of a passkey.
    pub(super) async fn with_passkey(
        &self,
        origin: &Origin,
        audience: Audience,
        (email, password): (&str, &str),
        given: PasskeyAnswer<'_>,
        old: Option<&Session>,
    ) -> Result<Verified, AppError> {
        let done = async {
            // What was not asked here costs no hash: it says nothing about the password either.
            let asked = question::open(&self.0, audience, email, given.question).await?;
            let beside = Beside::Passkey(given.answer.to_owned(), Box::new(asked));
            self.both(origin, audience, (email, password), beside).await
        };
        self.alike(old, done).await
    }

    /// Gives every refusal the same words and the same time: a right password with a wrong answer takes a few statements
    /// more than a wrong one, and a clock must not tell the two apart. Ends the session of before where nothing is.
    async fn alike(
        &self,
        old: Option<&Session>,
        done: impl Future<Output = Result<Verified, AppError>>,
    ) -> Result<Verified, AppError> {
        let began = Instant::now();
        match done.await {
            Ok(verified) => {
                if let Some(old) = old {
                    sessions::store::end(&self.0.db, old.id).await?;
                }
                Ok(verified)
            }
            Err(AppError::Refused { .. } | AppError::SignInNeeded) => {
                sleep_until(began + REFUSAL_TAKES).await;
                Err(AppError::refused(Refusal::WrongLogin))
            }
            Err(error) => Err(error),
        }
    }

    async fn both(
        &self,
        origin: &Origin,
        audience: Audience,
        (email, password): (&str, &str),
        beside: Beside,
    ) -> Result<Verified, AppError> {
        let core = &self.0;
        let rules = rules(core).await?;
        let account = password::check_beside_code(core, origin, audience, email, password).await?;
        let mut entries = entries::in_use(core, account.id, audience).await?;
        // The preferred one comes first.
        entries.retain(|entry| beside.is_for(&account, entry));
        if entries.is_empty() {
            return Err(AppError::refused(Refusal::NoEntry));
        }
        let proved = Opened { signed_in: false, stepped_up: false, trusted: false, known: false };
        let actor = Actor::Account(&account, origin);
        let transaction = password::begin_unchanged(core, origin, &account).await?;
        let (session_id, token) = self.open_session(&transaction, &rules, origin, account.id, proved).await?;
        audit::record(&transaction, core, Event::new(Action::PasswordAccepted, actor).with("password")).await?;
        database::commit(transaction).await?;
        let done = async {
            let answer = self.begin(&rules, actor, origin, (account.id, session_id), &mut entries, beside).await?;
            let session = sessions::current::session_of(core, audience, &token.secret, origin).await?;
            self.verify(&session.ok_or(AppError::SignInNeeded)?, Answer::Code(&answer), false).await
        };
        let done = done.await;
        if done.is_err() {
            sessions::store::end(&core.db, session_id).await?;
        }
        done
    }

    /// Begins the challenge that is answered already.
    async fn begin(
        &self,
        rules: &Rules,
        actor: Actor<'_>,
        origin: &Origin,
        ids: (Uuid, Uuid),
        entries: &mut Vec<UsableEntry>,
        beside: Beside,
    ) -> Result<String, AppError> {
        let core = &self.0;
        match beside {
            Beside::Code(code) => {
                entries.truncate(1);
                ask::begin(core, rules, actor, origin, ids, Purpose::SignIn, entries).await?;
                Ok(code)
            }
            Beside::Passkey(answer, asked) => {
                let names: Vec<_> = entries.iter().filter_map(|entry| entry.destination.as_deref()).collect();
                let target = Target {
                    account_id: ids.0,
                    session_id: ids.1,
                    purpose: Purpose::SignIn,
                    secondary_auth_id: asked.secondary_auth_id,
                    kind: Channel::Passkey,
                    destination: Some(names.join(", ")),
                };
                prepared::begin(core, rules, origin, &target, asked.prepared).await?;
                Ok(answer)
            }
        }
    }
}
