//! The rules of signing in: password, code, session.

use crate::{
    accounts::{
        self, known,
        password::{self, Checked},
    },
    audit::{self, Actor, Event},
    challenge::{
        accept::{By, Proved},
        ask::{self, Next},
        verify::verify,
    },
    core::Core,
    devices::{self, service::Trusted},
    entity::session,
    entries::{
        self,
        requirement::{Demand, demand},
    },
    login::{
        locked, question,
        store::{self, Ground},
        unfinished,
    },
    outbox::notice::announce,
    platform::{
        database,
        vault::{self, token_hash},
    },
    rules::Rules,
    sessions,
};
use app::{
    audit::types::Action,
    caller::{Origin, Session, Token},
    challenge::{port::Answer, types::Purpose},
    configuration::types::Setting,
    delivery::notice::Notice,
    error::{AppError, Refusal},
    login::{
        port::{LoggedIn, LoginPort, PasskeyAnswer, Verified},
        types::Audience,
    },
    passkey::types::PasskeyQuestion,
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

/// How long it takes to ask for a passkey: longer than reading those of any account.
const QUESTION_TAKES: Duration = Duration::from_millis(200);

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
        let sign_in = password::check_sign_in(core, origin, audience, email, password, trust.as_deref()).await?;
        if sign_in.checked == Checked::WrongAndLast {
            locked::tell(core, origin, audience, email, sign_in.account.as_ref()).await?;
        }
        let account = sign_in.account.as_ref().filter(|_| sign_in.checked == Checked::Right);
        let account = account.ok_or_else(|| AppError::refused(Refusal::WrongLogin))?;
        let now = core.clock.now();
        let Ground { rules, has_entry, allowed } =
            store::ground(&core.db, account.id).await?.ok_or_else(|| AppError::refused(Refusal::WrongLogin))?;
        let asks = has_entry && allowed;
        let entries = if asks { entries::proving(&core.db, account.id, audience).await? } else { Vec::new() };
        let trust = if asks {
            devices::service::use_token(core, &rules, origin, account.id, trust.as_deref()).await?
        } else {
            None
        };
        // An entry that cannot be used still counts: what the password alone opens then, a setting says.
        let waived = asks
            && trust.is_none()
            && entries.is_empty()
            && rules.is_on(without_code(audience))
            && entries::store::usable(&core.db, account.id).await?.is_empty();
        let code_needed = asks && trust.is_none() && !waived;
        let proved =
            Opened { signed_in: !code_needed, stepped_up: !has_entry, trusted: trust.is_some(), known: sign_in.known };
        let action = if code_needed { Action::PasswordAccepted } else { Action::LoggedIn };
        let factor = match (&trust, waived) {
            (Some(_), _) => "password, trusted device",
            (None, true) => "password alone, as no code can be sent",
            (None, false) => "password",
        };
        let actor = Actor::Account(account, origin);
        // All that the password opens, or nothing of it.
        let transaction = password::begin_unchanged(core, origin, account).await?;
        if account.factor_locked_until.is_some() {
            accounts::factor::bound_lock(&transaction, account.id, &rules, now).await?;
        }
        if !code_needed {
            // Where the account has no entry, there is nothing that the mailbox could prove twice.
            let forgets_reset = !has_entry && account.reset_by_mail_at.is_some();
            accounts::store::note_sign_in(&transaction, account.id, now, forgets_reset).await?;
        }
        if let Some(old) = old {
            sessions::store::end(&transaction, old.id).await?;
        }
        let (session_id, session) = self.open_session(&transaction, &rules, origin, account.id, proved).await?;
        let mut known = None;
        if !code_needed {
            unfinished::withdraw(&transaction, account.id, origin).await?;
            known = Some(known::remember(&transaction, core, account.id, &origin.known).await?);
        }
        audit::record(&transaction, core, Event::new(action, actor).with(factor)).await?;
        // Last, as wherever an account is changed: so no two transactions wait for each other.
        sign_in.clear_tries(&transaction).await?;
        database::commit(transaction).await?;
        if code_needed {
            let ids = (account.id, session_id);
            let Next { choice_needed, .. } =
                ask::begin(core, &rules, actor, origin, ids, Purpose::SignIn, &entries).await?;
            return Ok(LoggedIn {
                session,
                trust: None,
                known: None,
                code_needed,
                choice_needed,
                enrollment_needed: false,
            });
        }
        let trust = match trust {
            Some(Trusted::Swapped(token)) => Some(token),
            Some(Trusted::AMomentAgo) | None => None,
        };
        let enrollment_needed = demand(core, &rules, account).await? == Demand::Now;
        Ok(LoggedIn { session, trust, known, code_needed, choice_needed: false, enrollment_needed })
    }

    async fn log_in_with_code(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
        password: &str,
        code: &str,
        old: Option<&Session>,
    ) -> Result<Verified, AppError> {
        self.with_code(origin, audience, (email, password), code, old).await
    }

    async fn passkey_question(
        &self,
        origin: &Origin,
        audience: Audience,
        email: &str,
    ) -> Result<PasskeyQuestion, AppError> {
        let began = Instant::now();
        let asked = question::ask(&self.0, origin, audience, email).await;
        // Reading the keys of an account takes longer than making up some, and a clock must not tell the two apart.
        sleep_until(began + QUESTION_TAKES).await;
        asked
    }

    async fn log_in_with_passkey(
        &self,
        origin: &Origin,
        audience: Audience,
        (email, password): (&str, &str),
        given: PasskeyAnswer<'_>,
        old: Option<&Session>,
    ) -> Result<Verified, AppError> {
        self.with_passkey(origin, audience, (email, password), given, old).await
    }

    async fn verify(&self, session: &Session, answer: Answer<'_>, trust: bool) -> Result<Verified, AppError> {
        let core = &self.0;
        verify(core, session, Purpose::SignIn, answer, async |db, proved| {
            let token = finish(core, db, session, &proved).await?;
            let now = core.clock.now();
            if let By::Entry { secondary_auth_id, entry } = proved.by {
                entries::store::note_use(db, session.account_id, secondary_auth_id, entry, now).await?;
            }
            let trust = if trust {
                devices::service::trust(core, &session.rules, db, &session.origin, session.account_id).await?
            } else {
                None
            };
            if trust.is_some() {
                audit::record(db, core, Event::new(Action::DeviceTrusted, Actor::Session(session))).await?;
                announce(db, core, session, Some(&session.origin), Notice::DeviceTrusted).await?;
            }
            let known = known::remember(db, core, session.account_id, &session.origin.known).await?;
            Ok(Verified { session: token, trust, known })
        })
        .await
    }

    async fn log_out(&self, session: &Session) -> Result<(), AppError> {
        sessions::store::end(&self.0.db, session.id).await?;
        audit::record(&self.0.db, &self.0, Event::new(Action::LoggedOut, Actor::Session(session))).await
    }
}

impl Login {
    /// Opens a session that a right password leads to.
    pub(super) async fn open_session(
        &self,
        db: &DatabaseTransaction,
        rules: &Rules,
        origin: &Origin,
        account_id: Uuid,
        Opened { signed_in, stepped_up, trusted, known }: Opened,
    ) -> Result<(Uuid, Token), AppError> {
        let now = self.0.clock.now();
        let secret = vault::new_token();
        let id = Uuid::now_v7();
        let ends_at = now + rules.seconds(if signed_in { Setting::SessionHours } else { Setting::WaitingMinutes });
        let model = session::Model {
            id,
            account_id,
            token_hash: token_hash(&secret),
            signed_in,
            created_at: now,
            last_seen_at: now,
            expires_at: ends_at,
            address: origin.address.to_string(),
            user_agent: origin.user_agent.clone(),
            password_proved_at: None,
            stepped_up_at: stepped_up.then_some(now),
            factor_proved_at: trusted.then_some(0),
        };
        sessions::store::insert(db, model).await?;
        if !signed_in {
            unfinished::note(db, (account_id, id), origin, known, (now, ends_at)).await?;
        }
        Ok((id, Token { secret, max_age: None }))
    }
}

/// What the password has opened.
pub(super) struct Opened {
    /// Whether nothing more is asked for.
    pub(super) signed_in: bool,
    /// Whether that counts as a step-up: only where the account has no entry. A trusted device replaces none.
    pub(super) stepped_up: bool,
    /// Whether a trusted device stood in for the code.
    pub(super) trusted: bool,
    /// Whether the browser has signed in to the account before.
    pub(super) known: bool,
}

/// The setting that says whether the password alone is enough while no code can be sent.
const fn without_code(audience: Audience) -> Setting {
    match audience {
        Audience::Admin => Setting::AdminsWithoutCode,
        Audience::Customer => Setting::CustomersWithoutCode,
    }
}

/// Turns a sign-in that waits for its proof into a session with a new token, and records by what it was proved.
///
/// # Errors
/// `SignInNeeded` where the sign-in has ended meanwhile.
async fn finish(core: &Core, db: &DatabaseTransaction, session: &Session, proved: &Proved) -> Result<Token, AppError> {
    let now = core.clock.now();
    let secret = vault::new_token();
    let end = now + session.rules.seconds(Setting::SessionHours);
    if !sessions::store::finish(db, session.id, token_hash(&secret), now, end).await? {
        return Err(AppError::SignInNeeded);
    }
    unfinished::withdraw(db, session.account_id, &session.origin).await?;
    let event = Event::new(Action::LoggedIn, Actor::Session(session)).with(format!("password, {}", proved.method));
    audit::record(db, core, event).await?;
    Ok(Token { secret, max_age: None })
}
