//! The rules of listing and ending sessions.

use crate::{
    clock::minute_text,
    core::{Core, failed},
    devices::service::browser_name,
    entity::session,
    login::store,
};
use app::{error::AppError, sessions::types::SessionRow};
use uuid::Uuid;

/// The sessions of an account that are signed in. `current` marks the one that asks.
///
/// # Errors
/// When the database fails.
pub async fn list(core: &Core, account_id: Uuid, current: Option<Uuid>) -> Result<Vec<SessionRow>, AppError> {
    let sessions = store::of_account(&core.db, account_id, core.clock.now()).await.map_err(failed)?;
    let row = |session: session::Model| SessionRow {
        id: session.id,
        browser: browser_name(&session.user_agent),
        address: session.address,
        began: minute_text(session.created_at),
        last_used: minute_text(session.last_seen_at),
        this_one: current == Some(session.id),
    };
    Ok(sessions.into_iter().map(row).collect())
}
