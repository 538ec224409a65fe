//! Signing in and out.

pub mod password;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
