//! Two-factor authentication per audience.

#[cfg(test)]
mod channel_tests;
pub mod service;
#[cfg(test)]
mod tests;
