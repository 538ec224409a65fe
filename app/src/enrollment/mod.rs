//! The secondary authentication entries of an account.

pub mod api;
pub mod entry_cells;
#[cfg(feature = "ssr")]
pub mod label;
mod last_entry;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
