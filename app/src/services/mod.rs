//! Service providers: the external channels with their settings.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod types;
pub mod words;
