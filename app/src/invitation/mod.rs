//! Inviting people: an administrator enters name and address, the invited person chooses a password.

pub mod accept;
pub mod api;
#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
