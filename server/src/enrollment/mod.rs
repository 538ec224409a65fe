//! The secondary authentication entries of accounts.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
