//! Passkeys and security keys: the part of the code screen that asks the browser for one.

pub mod browser;
pub mod page;
pub mod types;
