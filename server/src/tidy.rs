//! Removes what nobody needs any more, and writes the lines that sum up refusals, every quarter of an hour.

use crate::{
    accounts::known,
    audit, challenge,
    core::Core,
    entries,
    error::Error,
    looks, offers, outbox,
    platform::{
        database::{self, old_rows::remove_all},
        throttle,
    },
    requests,
    rules::rules,
    sessions, templates,
};
use app::{configuration::types::Setting, error::AppError};
use std::{sync::Arc, time::Duration};

/// How long a delivery is kept, in seconds. Audit events are kept for no less.
pub const KEPT: i64 = 30 * 86_400;
/// Seconds after which no counter of tries and no challenge counts any more.
const COUNTED: i64 = 2 * 86_400;
/// The pause between two times.
const PAUSE: Duration = Duration::from_secs(900);

/// Tidies up for as long as the process lives.
pub async fn run(core: Arc<Core>) {
    loop {
        if let Err(error) = tidy(&core).await {
            tracing::warn!(?error, "old rows could not be removed; trying again in a quarter of an hour");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Removes what is old.
pub async fn tidy(core: &Core) -> Result<(), AppError> {
    let now = core.clock.now();
    audit::write_sums(core).await?;
    let oldest = now - rules(core).await?.seconds(Setting::AuditDays);
    remove_all(|| remove_some_events(core, oldest)).await?;
    remove_all(|| outbox::store::remove_older(&core.db, now - KEPT)).await?;
    remove_all(|| entries::deleted::remove_older(&core.db, now)).await?;
    offers::deleted::remove_older(&core.db, now).await?;
    requests::store::remove_expired(&core.db, now).await?;
    remove_all(|| sessions::store::remove_expired(&core.db, now)).await?;
    remove_all(|| known::remove_older(&core.db, now - known::LIFETIME)).await?;
    templates::store::remove_older(&core.db, now - templates::store::DRAFTS).await?;
    looks::store::remove_older(&core.db, now - looks::store::DRAFTS).await?;
    known::trim_all(&core.db).await?;
    remove_all(|| challenge::store::remove_older(&core.db, now - COUNTED)).await?;
    Ok(remove_all(|| throttle::remove_older(&core.db, now - COUNTED)).await?)
}

async fn remove_some_events(core: &Core, oldest: i64) -> Result<u64, Error> {
    let transaction = database::begin(&core.db).await?;
    let removed = audit::store::remove_older(&transaction, oldest).await?;
    database::commit(transaction).await?;
    Ok(removed)
}
