//! A new password for someone who forgot the old one.

pub mod api;
#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
