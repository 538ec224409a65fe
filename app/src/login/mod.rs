//! Signing in and out.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
