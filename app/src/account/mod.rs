//! The signed-in person's own account, and the set-up of the first administrator.

mod activity;
pub mod advice;
pub mod api;
mod details;
pub mod email;
#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
mod password;
#[cfg(feature = "ssr")]
pub mod port;
pub mod routes;
pub mod security;
pub mod set_up;
pub mod shared;
pub mod tabs;
pub mod types;
