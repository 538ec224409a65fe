//! Trusted devices: browsers that skip the second factor.

pub mod api;
pub mod own;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod types;
