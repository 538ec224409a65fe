//! Two-factor authentication per audience.

#[cfg(test)]
mod channel_tests;
pub mod requirement;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
