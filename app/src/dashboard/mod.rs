//! The console's first page: who is protected, whether codes arrive, and what is left to do.

pub mod api;
mod chart;
pub mod guide;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
mod steps;
pub mod types;
