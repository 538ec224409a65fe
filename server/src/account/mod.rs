//! Accounts, and the set-up of the first administrator.

pub mod help;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
pub mod words;
