//! Named system settings.

pub mod types;
