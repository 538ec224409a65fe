//! A request for proof: sending a code, and checking it. Every proof of every purpose takes this one road.

pub mod ask;
mod keys;
pub mod limits;
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

use uuid::Uuid;

/// What a challenge's secret is bound to.
fn place(id: Uuid) -> String {
    format!("challenge:{id}")
}
