//! The rules of a step-up: the password again, and a code where the account has an entry.

use crate::platform::database;
use crate::{
    accounts::password::check_own,
    audit::{self, Actor, Event},
    challenge::{
        service::{self as challenge, Purpose},
        trail::{self, About},
    },
    core::Core,
    entries::{self, in_use},
    login::service::{methods, sent_at_once, target},
    platform::vault::{self, token_hash},
    sessions::store,
};
use app::{
    audit::types::Action,
    caller::{Session, Token},
    challenge::types::{CodeScreen, Method},
    error::{AppError, Refusal},
    step_up::port::{Confirmed, StepUpPort},
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// Seconds that a proved password waits for its code: longer than a slow mail.
const WAITING: i64 = 900;

/// Step-ups.
pub struct StepUps(pub Arc<Core>);

#[async_trait]
impl StepUpPort for StepUps {
    async fn confirm(&self, session: &Session, password: &str) -> Result<Confirmed, AppError> {
        let core = &self.0;
        check_own(core, session, "password", password).await?;
        let code_needed = self.send_code(session).await?;
        let now = core.clock.now();
        let secret = vault::new_token();
        let hash = token_hash(&secret);
        let there = if code_needed {
            store::prove_password(&core.db, session.id, hash, now).await
        } else {
            store::step_up(&core.db, session.id, hash, now).await
        };
        if !there? {
            return Err(AppError::SignInNeeded);
        }
        if !code_needed {
            let event = Event::new(Action::SteppedUp, Actor::Session(session)).with("password");
            audit::record(&core.db, core, event).await?;
        }
        Ok(Confirmed { session: Token { secret, max_age: None }, code_needed })
    }

    async fn code_screen(&self, session: &Session) -> Result<CodeScreen, AppError> {
        check_password_proved(&self.0, session).await?;
        let screen = challenge::screen(&self.0, session.account_id, session.id, Purpose::StepUp).await?;
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        let codes = entries::recovery_codes::count_left(&self.0.db, session.account_id).await?;
        Ok(CodeScreen { has_other_methods: methods(entries).len() > 1 || codes > 0, ..screen })
    }

    async fn methods(&self, session: &Session) -> Result<Vec<Method>, AppError> {
        check_password_proved(&self.0, session).await?;
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        Ok(methods(entries))
    }

    async fn choose(&self, session: &Session, entry: Uuid) -> Result<(), AppError> {
        check_password_proved(&self.0, session).await?;
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        let entry = entries.iter().find(|usable| usable.id == entry).ok_or(AppError::NotFound)?;
        // Choosing the same method again is Send New Code by another name.
        let auth = entry.secondary_auth_id;
        let again = entry.kind.sends() && challenge::was_sent(&self.0, session.id, Purpose::StepUp, auth).await?;
        let target = target(session.account_id, session.id, Purpose::StepUp, entry);
        challenge::send(&self.0, &session.origin, &target, again).await
    }

    async fn send_new_code(&self, session: &Session) -> Result<(), AppError> {
        check_password_proved(&self.0, session).await?;
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        // By the method that was used before, as long as it can be.
        let last = challenge::last_target(&self.0, session.id, Purpose::StepUp).await.ok();
        let same = last.and_then(|last| entries.iter().find(|e| e.secondary_auth_id == last.secondary_auth_id));
        let entry = same.or_else(|| sent_at_once(&entries));
        let entry = entry.ok_or_else(|| AppError::refused(Refusal::NoChallenge))?;
        let target = target(session.account_id, session.id, Purpose::StepUp, entry);
        challenge::send(&self.0, &session.origin, &target, true).await
    }

    async fn verify(&self, session: &Session, code: &str) -> Result<Token, AppError> {
        let core = &self.0;
        check_password_proved(&self.0, session).await?;
        let (proved, transaction) =
            challenge::check(core, &session.origin, session.account_id, session.id, Purpose::StepUp, code).await?;
        let about = About {
            account_id: session.account_id,
            purpose: Purpose::StepUp,
            secondary_auth_id: proved.challenge.secondary_auth_id,
            destination: &proved.challenge.destination,
        };
        let method = trail::method(&transaction, &about).await?;
        let secret = vault::new_token();
        let stepped_up = store::step_up(&transaction, session.id, token_hash(&secret), core.clock.now()).await;
        if !stepped_up? {
            return Err(AppError::SignInNeeded);
        }
        let event = Event::new(Action::SteppedUp, Actor::Session(session)).with(format!("password, {method}"));
        audit::record(&transaction, core, event).await?;
        database::commit(transaction).await?;
        Ok(Token { secret, max_age: None })
    }
}

impl StepUps {
    /// Sends a code where the account has an entry, and where it is clear by which. Tells whether one is needed.
    async fn send_code(&self, session: &Session) -> Result<bool, AppError> {
        let entries = in_use(&self.0, session.account_id, session.audience).await?;
        let Some(entry) = sent_at_once(&entries) else { return Ok(!entries.is_empty()) };
        let target = target(session.account_id, session.id, Purpose::StepUp, entry);
        // Confirming twice is Send New Code by another name.
        let again = challenge::is_pending(&self.0, session.id, Purpose::StepUp).await?;
        // Whether it left or not, the code screen tells, and can ask again.
        match challenge::send(&self.0, &session.origin, &target, again).await {
            Ok(()) | Err(AppError::Refused { .. }) => Ok(true),
            Err(error) => Err(error),
        }
    }
}

/// The code alone is not enough, and an old password does not count.
///
/// # Errors
/// `StepUpNeeded` unless this session proved the password lately.
pub async fn check_password_proved(core: &Core, session: &Session) -> Result<(), AppError> {
    let proved_at = store::password_proved_at(&core.db, session.id).await?;
    let fresh = proved_at.is_some_and(|at| at + WAITING > core.clock.now());
    if fresh { Ok(()) } else { Err(AppError::step_up_needed()) }
}
