//! Messages on their way through a provider: a persistent outbox.

pub mod alert;
mod attempt;
pub mod breaker;
mod breaker_store;
pub mod code;
#[cfg(test)]
mod failover_tests;
mod hands;
mod listen;
pub mod notice;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
pub mod worker;
