//! Proving again who one is, before a factor, the password or the address is changed.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod routes;

/// The name under which an address says what was asked for when a step-up came between.
pub const ASKED: &str = "asked";
