//! Recovery codes: the way in for someone who lost the second factor.

pub mod api;
pub mod enter;
pub mod helpdesk;
pub mod keep;
pub mod own;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod types;
