//! What the messages say: administrators change subject, text and HTML of each.

pub mod api;
#[cfg(feature = "ssr")]
pub mod defaults;
pub mod names;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
