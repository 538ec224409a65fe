//! A request for proof: the code screen, and the message that carries the code.

pub mod api;
#[cfg(feature = "hydrate")]
mod events;
#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
mod progress;
pub mod routes;
#[cfg(feature = "hydrate")]
pub mod take;
#[cfg(feature = "ssr")]
pub mod text_message;
pub mod types;
pub mod ways;
