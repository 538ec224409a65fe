//! Messages on their way through a provider, and what administrators see of them.

pub mod api;
#[cfg(feature = "ssr")]
pub mod message;
pub mod names;
#[cfg(feature = "ssr")]
pub mod notice;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod table;
pub mod types;
