//! Service providers.

mod day;
pub mod probe;
pub mod service;
pub mod sms;
pub mod smtp;
mod smtp_secret;
pub mod store;
#[cfg(test)]
mod tests;
