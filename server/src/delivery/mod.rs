//! The messages of the outbox, as administrators read them.

pub mod service;
mod store;
#[cfg(test)]
mod tests;
