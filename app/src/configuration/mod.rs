//! Named system settings.

#[cfg(feature = "ssr")]
pub mod api;
pub(crate) mod changes;
#[cfg(feature = "ssr")]
pub mod labels;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod row;
#[cfg(feature = "ssr")]
pub mod rules;
pub(crate) mod switch;
#[cfg(feature = "ssr")]
pub mod types;
