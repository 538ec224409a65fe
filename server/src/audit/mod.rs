//! The audit log: append-only.

mod record;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;

pub use record::{Actor, Event, record};
