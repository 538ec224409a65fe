//! Tells an account that wrong passwords keep out those who entered them.

use crate::{
    accounts::password::WINDOW,
    core::Core,
    entity::account,
    outbox::notice::{Addressee, announce},
    platform::{database, throttle},
};
use app::{caller::Origin, delivery::notice::Notice, error::AppError, login::types::Audience};
use uuid::Uuid;

/// Seconds for which an account is told no more.
const QUIET: i64 = 86_400;

/// Tells the account of an address that no more passwords are looked at from there, once a day at most. Does the same for
/// every address, and takes it back where nobody is to be told (checklist 46).
pub async fn tell(
    core: &Core,
    origin: &Origin,
    audience: Audience,
    email: &str,
    account: Option<&account::Model>,
) -> Result<(), AppError> {
    let id = account.map_or_else(Uuid::nil, |account| account.id);
    let transaction = database::begin(&core.db).await?;
    let first = throttle::count(&transaction, &format!("told-locked:{id}"), core.clock.now(), QUIET).await? == 1;
    let receiver = account.filter(|account| first && account.disabled_at.is_none());
    let nobody = Addressee { account_id: None, audience, email, language: None };
    let minutes = u32::try_from(WINDOW / 60).unwrap_or_default();
    let notice = Notice::SignInLocked(minutes);
    announce(&transaction, core, receiver.map_or(nobody, Addressee::from), Some(origin), notice).await?;
    Ok(match receiver {
        Some(_) => database::commit(transaction).await,
        None => database::rollback(transaction).await,
    }?)
}
