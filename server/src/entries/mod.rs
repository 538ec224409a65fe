//! What an account proves itself by: its entries, its recovery codes, and what the requirement asks of it.

pub mod counts;
pub mod recovery_codes;
pub mod requirement;
pub mod secret;
pub mod store;

use crate::{core::Core, error::Error, rules};
use app::login::types::Audience;
use store::UsableEntry;
use uuid::Uuid;

/// The entries of which a sign-in has to prove one, the preferred one first: none while two-factor authentication is
/// not allowed for the audience or no entry's provider is active.
pub async fn in_use(core: &Core, account_id: Uuid, audience: Audience) -> Result<Vec<UsableEntry>, Error> {
    if !rules::policies::is_allowed(&core.db, audience).await? {
        return Ok(Vec::new());
    }
    store::usable(&core.db, account_id).await
}
