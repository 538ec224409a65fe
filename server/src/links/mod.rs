//! One-time links: set-up, invitation, password reset, registration, change of address.

pub mod service;
pub mod store;
