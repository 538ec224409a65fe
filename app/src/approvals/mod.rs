//! Changes that wait for a second administrator.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
