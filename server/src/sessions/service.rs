//! The rules of listing and ending sessions.

use crate::{
    audit::{self, Actor, Event},
    core::Core,
    entity::session,
    platform::{clock::minute_text, database},
    sessions::{browser, store},
};
use app::{
    audit::types::Action,
    caller::Session,
    error::AppError,
    sessions::{port::SessionsPort, types::SessionRow},
};
use async_trait::async_trait;
use std::sync::Arc;
use uuid::Uuid;

/// The sessions of one's own account.
pub struct Sessions(pub Arc<Core>);

#[async_trait]
impl SessionsPort for Sessions {
    async fn list(&self, session: &Session) -> Result<Vec<SessionRow>, AppError> {
        list(&self.0, session.account_id, Some(session.id)).await
    }

    async fn end(&self, session: &Session, id: Uuid) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        if !store::end_one(&transaction, session.account_id, id).await? {
            return Err(AppError::NotFound);
        }
        audit::record(&transaction, &self.0, ended(session, 1)).await?;
        Ok(database::commit(transaction).await?)
    }

    async fn end_others(&self, session: &Session) -> Result<(), AppError> {
        let transaction = database::begin(&self.0.db).await?;
        let count = store::end_others(&transaction, session.account_id, Some(session.id)).await?;
        audit::record(&transaction, &self.0, ended(session, count)).await?;
        Ok(database::commit(transaction).await?)
    }
}

fn ended(session: &Session, count: u64) -> Event<'_> {
    let event = Event::new(Action::SessionEnded, Actor::Session(session));
    event.to_account(session.account_id, &session.email).with(format!("sessions ended: {count}"))
}

/// The sessions of an account that are signed in. `current` marks the one that asks.
pub async fn list(core: &Core, account_id: Uuid, current: Option<Uuid>) -> Result<Vec<SessionRow>, AppError> {
    let sessions = store::of_account(&core.db, account_id, core.clock.now()).await?;
    let row = |session: session::Model| SessionRow {
        id: session.id,
        browser: browser::name(&session.user_agent),
        address: session.address,
        began: minute_text(session.created_at),
        last_used: minute_text(session.last_seen_at),
        this_one: current == Some(session.id),
    };
    Ok(sessions.into_iter().map(row).collect())
}
