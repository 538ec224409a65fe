//! Service providers.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
