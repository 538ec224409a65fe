//! A request for proof: sending a code, and checking it. Every proof of every purpose takes this one road.

pub mod accept;
pub mod ask;
mod keys;
pub mod limits;
pub mod prepared;
mod progress;
mod recovery_code;
pub mod screen;
pub mod send;
pub mod state;
pub mod store;
#[cfg(test)]
mod tests;
mod text_limits;
pub mod trail;
pub mod verify;

pub use keys::keys;

use crate::{core::Core, entity::challenge, error::Error, platform::secret::Secret};
use uuid::Uuid;

/// What is compared with where no code was sent.
///
/// # Errors
/// When it was sealed with another key.
pub async fn secret_of(core: &Core, challenge: &challenge::Model) -> Result<Option<Secret>, Error> {
    let Some(sealed) = &challenge.secret else { return Ok(None) };
    Ok(Some(core.vault.open_sealed(&core.db, &place(challenge.id), sealed).await?))
}

/// What a challenge's secret is bound to.
fn place(id: Uuid) -> String {
    format!("challenge:{id}")
}
