//! Two-factor authentication per audience.

pub mod api;
pub mod channels;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod two_factor;
pub mod types;
