//! Named system settings.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
mod row;
pub mod types;
pub mod words;
