//! Named system settings.

pub mod api;
pub mod labels;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
mod row;
#[cfg(feature = "ssr")]
pub mod rules;
pub mod types;
