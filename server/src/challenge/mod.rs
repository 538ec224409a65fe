//! A request for proof: sending a code, and checking it. Every proof of every purpose takes this one road.

pub mod accept;
pub mod ask;
mod keys;
pub mod limits;
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

use crate::{core::Core, entity::challenge, error::Error};
use uuid::Uuid;

/// What is compared with where no code was sent.
///
/// # Errors
/// When it was sealed with another key.
pub fn secret_of(core: &Core, challenge: &challenge::Model) -> Result<Option<String>, Error> {
    let open = |sealed| core.vault.open_sealed(&place(challenge.id), sealed);
    Ok(challenge.secret.as_deref().map(open).transpose()?)
}

/// What a challenge's secret is bound to.
fn place(id: Uuid) -> String {
    format!("challenge:{id}")
}
