//! Messages on their way through a provider: a persistent outbox.

pub mod alert;
pub mod code;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
pub mod worker;
