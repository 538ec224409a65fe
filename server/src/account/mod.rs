//! Accounts, and the set-up of the first administrator.

mod advice;
mod email;
pub mod help;
pub mod password;
mod security;
pub mod service;
#[cfg(test)]
mod tests;
