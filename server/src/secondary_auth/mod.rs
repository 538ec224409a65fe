//! Service providers offered as second factors.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
