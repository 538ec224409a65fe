//! A new password for somebody who forgot the old one.

pub mod api;
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod types;
