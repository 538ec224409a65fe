//! Sessions: browsers that are signed in.

pub mod api;
pub mod own;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod types;
