//! Named system settings.

pub mod service;
pub mod store;
