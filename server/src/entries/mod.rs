//! What an account proves itself by: its entries, its recovery codes, and what the requirement asks of it.

pub mod counts;
pub mod deleted;
pub mod recovery_codes;
pub mod requirement;
pub mod secret;
pub mod store;
pub mod whose;

use crate::{accounts, core::Core, entity::email_key::EmailKey, error::Error, rules};
use app::{login::types::Audience, services::types::Channel};
use sea_orm::ConnectionTrait;
use store::UsableEntry;
use uuid::Uuid;

/// The entries that can prove an account, the preferred one first. A mailbox that has given an administrator a new
/// password does not prove the second factor as well: that would be one factor twice.
pub async fn proving(
    db: &impl ConnectionTrait,
    account_id: Uuid,
    audience: Audience,
) -> Result<Vec<UsableEntry>, Error> {
    let mut entries = store::usable(db, account_id).await?;
    if audience == Audience::Admin
        && let Some(account) = accounts::store::by_id(db, account_id).await?
        && account.reset_by_mail_at.is_some()
    {
        let is_that_mailbox =
            |entry: &UsableEntry| entry.destination.as_deref().map(EmailKey::of).as_ref() == Some(&account.email_key);
        entries.retain(|entry| entry.kind != Channel::Smtp || !is_that_mailbox(entry));
    }
    Ok(entries)
}

/// The entries of which a sign-in has to prove one, the preferred one first: none while two-factor authentication is
/// not allowed for the audience or no entry's provider is active.
pub async fn in_use(core: &Core, account_id: Uuid, audience: Audience) -> Result<Vec<UsableEntry>, Error> {
    if !rules::policies::is_allowed(&core.db, audience).await? {
        return Ok(Vec::new());
    }
    proving(&core.db, account_id, audience).await
}
