//! The owner of an account says that what was done in its name was someone else, by the link in a notice.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
