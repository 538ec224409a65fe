//! Messages on their way through a provider: a persistent outbox.

pub mod service;
pub mod store;
