//! Accounts, and the set-up of the first administrator.

mod advice;
mod email;
pub mod help;
pub mod password;
pub mod security;
pub mod service;
#[cfg(test)]
mod tests;
