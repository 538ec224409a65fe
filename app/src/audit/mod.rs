//! Who did what, to whom, when, from where, with what outcome.

pub mod api;
pub mod details;
pub mod names;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
