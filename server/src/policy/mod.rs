//! Two-factor authentication per audience.

pub mod service;
pub mod store;
