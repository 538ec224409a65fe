//! Registration: customers create their own accounts and prove their address.

pub mod api;
#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
