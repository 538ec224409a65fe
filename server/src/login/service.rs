//! The rules of signing in: password, code, session.

use crate::entries::in_use;
use crate::platform::database;
use crate::{
    accounts::{
        self,
        password::{self, Guess},
    },
    audit::{self, Actor, Event},
    challenge::{
        service::{self as challenge, Purpose, Target},
        trail::{self, About},
    },
    channel::mask,
    core::Core,
    devices,
    entity::{account as account_row, session as session_row},
    entries::{
        self,
        requirement::{Demand, demand},
        store::UsableEntry,
    },
    platform::vault::{self, token_hash},
    rules::{Rules, rules, rules_in},
    sessions::store,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Token},
    challenge::types::{CodeScreen, Method},
    configuration::types::Setting,
    error::{AppError, Refusal},
    login::{
        port::{LoggedIn, LoginPort, Verified},
        types::Audience,
    },
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use uuid::Uuid;

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
        let rules = rules(core).await?;
        let account = self.check_password(origin, audience, email, password).await?;
        if let Some(old) = old {
            store::end(&core.db, old.id).await?;
        }
        let entries = in_use(core, account.id, audience).await?;
        let trusted = if entries.is_empty() {
            None
        } else {
            devices::service::use_token(core, &rules, origin, account.id, trust.as_deref()).await?
        };
        let code_needed = !entries.is_empty() && trusted.is_none();
        let first = sent_at_once(&entries);
        let choice_needed = code_needed && first.is_none();
        // A trusted device replaces neither the password nor a step-up.
        let stepped_up = entries.is_empty();
        let (session_id, session) = self.open_session(&rules, origin, account.id, !code_needed, stepped_up).await?;
        let action = if code_needed { Action::PasswordAccepted } else { Action::LoggedIn };
        let factor = if trusted.is_some() { "password, trusted device" } else { "password" };
        audit::record(&core.db, core, Event::new(action, Actor::Account(&account, origin)).with(factor)).await?;
        if let (Some(entry), true) = (first, code_needed) {
            let target = target(account.id, session_id, Purpose::SignIn, entry);
            // Whether it left or not, the code screen tells, and can ask again.
            match challenge::send(core, origin, &target, false).await {
                Ok(()) | Err(AppError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        if !code_needed {
            accounts::store::note_sign_in(&core.db, account.id, core.clock.now()).await?;
        }
        let enrollment_needed = !code_needed && demand(core, &rules, &account).await? == Demand::Now;
        Ok(LoggedIn { session, trust: trusted, code_needed, choice_needed, enrollment_needed })
    }

    async fn code_screen(&self, session: &Session) -> Result<CodeScreen, AppError> {
        let screen = challenge::screen(&self.0, session.account_id, session.id, Purpose::SignIn).await?;
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        let codes = entries::recovery_codes::count_left(&self.0.db, session.account_id).await?;
        let has_other_methods = methods(entries).len() > 1 || codes > 0;
        let trust_days = rules(&self.0).await?.get(Setting::TrustedDeviceDays);
        Ok(CodeScreen { trust_days, has_other_methods, ..screen })
    }

    async fn methods(&self, session: &Session) -> Result<Vec<Method>, AppError> {
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        Ok(methods(entries))
    }

    async fn choose(&self, origin: &Origin, session: &Session, entry: Uuid) -> Result<(), AppError> {
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        let entry = entries.iter().find(|usable| usable.id == entry).ok_or(AppError::NotFound)?;
        // Choosing the same method again is Send New Code by another name.
        let again = entry.kind.sends()
            && challenge::was_sent(&self.0, session.id, Purpose::SignIn, entry.secondary_auth_id).await?;
        challenge::send(&self.0, origin, &target(session.account_id, session.id, Purpose::SignIn, entry), again).await
    }

    async fn send_new_code(&self, origin: &Origin, session: &Session) -> Result<(), AppError> {
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        // By the method that was used before, as long as it can be.
        let last = challenge::last_target(&self.0, session.id, Purpose::SignIn).await.ok();
        let same = last.and_then(|last| entries.iter().find(|e| e.secondary_auth_id == last.secondary_auth_id));
        let entry = same.or_else(|| sent_at_once(&entries));
        let entry = entry.ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
        challenge::send(&self.0, origin, &target(session.account_id, session.id, Purpose::SignIn, entry), true).await
    }

    async fn verify(&self, origin: &Origin, session: &Session, code: &str, trust: bool) -> Result<Verified, AppError> {
        let core = &self.0;
        let rules = rules(core).await?;
        let (proved, transaction) =
            challenge::check(core, origin, session.account_id, session.id, Purpose::SignIn, code).await?;
        let about = About {
            account_id: session.account_id,
            purpose: Purpose::SignIn,
            secondary_auth_id: proved.challenge.secondary_auth_id,
            destination: &proved.challenge.destination,
        };
        let method = trail::method(&transaction, &about).await?;
        let token = finish(core, &transaction, session, &format!("password, {method}")).await?;
        let now = core.clock.now();
        let auth = proved.challenge.secondary_auth_id;
        let noted = entries::store::note_use(&transaction, session.account_id, auth, proved.entry, now).await;
        noted?;
        let trust = if trust {
            devices::service::trust(core, &rules, &transaction, origin, session.account_id).await?
        } else {
            None
        };
        if trust.is_some() {
            audit::record(&transaction, core, Event::new(Action::DeviceTrusted, Actor::Session(session))).await?;
        }
        database::commit(transaction).await?;
        Ok(Verified { session: token, trust })
    }

    async fn log_out(&self, session: &Session) -> Result<(), AppError> {
        store::end(&self.0.db, session.id).await?;
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
        let key = accounts::email_key(email);
        let account = accounts::store::by_email(&core.db, audience, &key).await?;
        let actor = Actor::Stranger(origin);
        let guess = Guess { actor, origin, audience, email, account: account.as_ref(), password };
        let fits = password::fits(core, &guess).await?;
        account.filter(|_| fits).ok_or_else(|| AppError::refused(Refusal::WrongLogin))
    }

    async fn open_session(
        &self,
        rules: &Rules,
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
            expires_at: now + rules.seconds(if signed_in { Setting::SessionHours } else { Setting::WaitingMinutes }),
            address: origin.address.to_string(),
            user_agent: origin.user_agent.clone(),
            password_proved_at: None,
            stepped_up_at: stepped_up.then_some(now),
        };
        store::insert(&self.0.db, model).await?;
        store::remove_expired(&self.0.db, now).await?;
        Ok((id, Token { secret, max_age: None }))
    }
}

/// Turns a sign-in that waits for its proof into a session with a new token, and records by what it was proved.
///
/// # Errors
/// `SignInNeeded` where the sign-in has ended meanwhile.
pub async fn finish(
    core: &Core,
    db: &DatabaseTransaction,
    session: &Session,
    proved_by: &str,
) -> Result<Token, AppError> {
    let now = core.clock.now();
    let secret = vault::new_token();
    let end = now + rules_in(db).await?.seconds(Setting::SessionHours);
    if !store::finish(db, session.id, token_hash(&secret), now, end).await? {
        return Err(AppError::SignInNeeded);
    }
    accounts::store::note_sign_in(db, session.account_id, now).await?;
    audit::record(db, core, Event::new(Action::LoggedIn, Actor::Session(session)).with(proved_by)).await?;
    Ok(Token { secret, max_age: None })
}

/// The entry whose code is sent without asking: the preferred one, or the only one.
pub fn sent_at_once(entries: &[UsableEntry]) -> Option<&UsableEntry> {
    match entries {
        [only] => Some(only),
        several => several.iter().find(|entry| entry.preferred),
    }
}

/// What proves this entry in a session.
pub fn target(account_id: Uuid, session_id: Uuid, purpose: Purpose, entry: &UsableEntry) -> Target {
    Target {
        account_id,
        session_id,
        purpose,
        secondary_auth_id: entry.secondary_auth_id,
        kind: entry.kind,
        destination: entry.destination.clone(),
        secret: None,
    }
}

/// Entries as something to choose. Passkeys of one secondary auth are one choice: whichever is at hand proves it.
pub fn methods(entries: Vec<UsableEntry>) -> Vec<Method> {
    let mut auths = Vec::new();
    let mut methods = Vec::new();
    for entry in entries {
        if auths.contains(&entry.secondary_auth_id) {
            continue;
        }
        auths.push(entry.secondary_auth_id);
        let destination = mask(&entry.destination);
        methods.push(Method { id: entry.id, kind: entry.kind, title: entry.title, destination });
    }
    methods
}
