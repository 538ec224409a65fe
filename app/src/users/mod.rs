//! The accounts of administrators, and what the lists of both audiences share.

pub mod api;
pub mod details;
pub mod help;
pub mod list;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
