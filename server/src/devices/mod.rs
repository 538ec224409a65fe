//! Browsers that skip the second factor.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
