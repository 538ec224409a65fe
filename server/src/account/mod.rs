//! Accounts, and the set-up of the first administrator.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
