//! One-time links: set-up, invitation, password reset, registration, change of address, and "this was not me".

pub mod service;
pub mod store;
