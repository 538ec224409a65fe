//! Accounts, and the set-up of the first administrator.

mod advice;
pub mod change;
mod email;
pub mod help;
pub mod password;
pub mod security;
pub mod service;
#[cfg(test)]
mod tests;
