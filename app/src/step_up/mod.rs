//! Proving again who one is, before a factor, the password or the address is changed.

pub mod api;
#[cfg(feature = "hydrate")]
pub mod intention;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
