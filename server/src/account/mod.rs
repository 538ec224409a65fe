//! Accounts, and the set-up of the first administrator.

mod email;
mod password;
mod security;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
