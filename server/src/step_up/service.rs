//! The rules of a step-up: the password again, and a code where the account has an entry.

use crate::{
    accounts::password::check_own,
    audit::{self, Actor, Event},
    challenge::{
        ask::{self, Next, guard},
        verify::verify,
    },
    core::Core,
    entries,
    platform::vault::{self, token_hash},
    sessions,
};
use app::{
    audit::types::Action,
    caller::{Session, Token},
    challenge::{port::Answer, types::Purpose},
    error::AppError,
    step_up::port::{Confirmed, StepUpPort},
};
use async_trait::async_trait;
use std::sync::Arc;

/// Step-ups.
pub struct StepUps(pub Arc<Core>);

#[async_trait]
impl StepUpPort for StepUps {
    async fn confirm(&self, session: &Session, password: &str) -> Result<Confirmed, AppError> {
        let core = &self.0;
        check_own(core, session, "password", password).await?;
        // Whether sign-ins ask for a code or not: who has an entry proves it, or a code in its place where it cannot be
        // used.
        let entries = entries::proving(&core.db, session.account_id, session.audience).await?;
        let has_entry = entries::store::has_any(&core.db, session.account_id).await?;
        let (actor, ids) = (Actor::Session(session), (session.account_id, session.id));
        let Next { code_needed, .. } =
            ask::begin(core, &session.rules, actor, &session.origin, ids, Purpose::StepUp, &entries).await?;
        let code_needed = code_needed || has_entry;
        let now = core.clock.now();
        let secret = vault::new_token();
        let hash = token_hash(&secret);
        let there = if code_needed {
            sessions::store::prove_password(&core.db, session.id, hash, now).await?
        } else {
            sessions::store::step_up(&core.db, session.id, hash, now, false).await?
        };
        if !there {
            return Err(AppError::SignInNeeded);
        }
        if !code_needed {
            audit::record(&core.db, core, Event::new(Action::SteppedUp, actor).with("password")).await?;
        }
        Ok(Confirmed { session: Token { secret, max_age: None }, code_needed })
    }

    async fn verify(&self, session: &Session, answer: Answer<'_>) -> Result<Token, AppError> {
        let core = &self.0;
        guard(core, session, Purpose::StepUp).await?;
        verify(core, session, Purpose::StepUp, answer, async |db, proved| {
            let secret = vault::new_token();
            if !sessions::store::step_up(db, session.id, token_hash(&secret), core.clock.now(), true).await? {
                return Err(AppError::SignInNeeded);
            }
            let event = Event::new(Action::SteppedUp, Actor::Session(session));
            audit::record(db, core, event.with(format!("password, {}", proved.method))).await?;
            Ok(Token { secret, max_age: None })
        })
        .await
    }
}
