//! Bringing back an entry that was deleted in the last day: by an administrator, after somebody else has deleted it.

use crate::{
    accounts,
    audit::{Actor, Event},
    begun,
    challenge::trail,
    channel::{self, mask},
    core::Core,
    devices,
    entity::account as account_row,
    entries::{deleted, requirement, store},
    outbox::{alert, notice::announce},
    platform::{clock::minute_text, database},
    sessions,
};
use app::{
    audit::types::Action,
    delivery::notice::Notice,
    enrollment::types::DeletedEntry,
    error::{AppError, Refusal},
};
use uuid::Uuid;

/// The entries of an account that can be brought back, the last deleted one first.
pub async fn deleted_of(core: &Core, account_id: Uuid) -> Result<Vec<DeletedEntry>, AppError> {
    let found = deleted::of_account(&core.db, account_id, core.clock.now()).await?;
    let shown = |deleted: deleted::DeletedEntry| DeletedEntry {
        id: deleted.entry.id,
        kind: deleted.kind,
        title: deleted.title,
        destination: deleted.entry.destination.as_deref().map(mask).unwrap_or_default(),
        at: minute_text(deleted.entry.deleted_at),
    };
    Ok(found.into_iter().map(shown).collect())
}

/// Brings an entry back. What its owner has set up in its place since stays alone, and whatever was opened or begun
/// without the entry ends, as with a new one.
///
/// # Errors
/// `NotFound` where its day is over or its secondary auth is gone; `NewerEntry`; `LastWayIn`.
pub async fn restore(core: &Core, actor: Actor<'_>, account: &account_row::Model, id: Uuid) -> Result<(), AppError> {
    let now = core.clock.now();
    let transaction = database::begin_alone(&core.db).await?;
    accounts::factor::lock_account(&transaction, account.id).await?;
    let mut found = deleted::of_account(&transaction, account.id, now).await?;
    found.retain(|deleted| deleted.entry.id == id);
    let deleted = found.pop().ok_or(AppError::NotFound)?;
    let entries = store::of_account(&transaction, account.id).await?;
    let newer = entries.iter().any(|full| {
        let since = full.entry.added_at >= deleted.entry.deleted_at && full.kind == deleted.kind;
        since || full.entry.secondary_auth_id == deleted.entry.secondary_auth_id
    });
    if newer && !channel::of(deleted.kind).asks_keys() {
        return Err(AppError::refused(Refusal::NewerEntry));
    }
    let method = trail::method(Some(&deleted.title), deleted.entry.destination.as_deref());
    deleted::restore(&transaction, deleted.entry).await?;
    store::prefer_some(&transaction, account.id).await?;
    devices::store::end_all(&transaction, account.id).await?;
    if entries.iter().all(|full| !full.usable) {
        // They were opened by the password alone, perhaps by whoever deleted it.
        sessions::store::end_others(&transaction, account.id, None).await?;
    }
    begun::end(&transaction, account.id, now).await?;
    requirement::check_way_in(&transaction).await?;
    let event = Event::new(Action::EntryRestored, actor).to_account(account.id, &account.email);
    alert::record(&transaction, core, event.with(method)).await?;
    announce(&transaction, core, account, None, Notice::EntryRestored).await?;
    Ok(database::commit(transaction).await?)
}
