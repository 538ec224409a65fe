//! The accounts of administrators, and what the lists of both audiences share.

pub mod account;
pub mod activity;
pub mod api;
pub mod details;
pub mod edit;
pub mod help;
pub mod list;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod two_factor;
pub mod types;
