//! The audit log: append-only.

mod record;
pub mod service;
pub mod store;
mod sum;
#[cfg(test)]
mod tests;

pub use record::{Actor, Event, record, record_at};
pub use sum::{WINDOW, sum, write_sums};
