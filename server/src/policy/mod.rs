//! Two-factor authentication per audience.

pub mod requirement;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
