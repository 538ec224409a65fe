//! Browsers that skip the second factor.

pub mod browser;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
