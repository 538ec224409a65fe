//! Inviting people to accounts.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
