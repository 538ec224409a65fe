//! A request for proof: the code screen, and the message that carries the code.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "hydrate")]
mod events;
#[cfg(feature = "ssr")]
pub mod message;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
mod progress;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod text_message;
#[cfg(feature = "ssr")]
pub mod types;
pub(crate) mod waiting;
#[cfg(feature = "ssr")]
pub mod ways;
