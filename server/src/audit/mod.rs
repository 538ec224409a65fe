//! The audit log: append-only.

mod record;
pub mod store;

pub use record::{Actor, Event, record};
