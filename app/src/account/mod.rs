//! The signed-in person's own account, and the set-up of the first administrator.

pub mod api;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
pub mod set_up;
pub mod types;
