//! Lists of accounts of both audiences, and helping their people.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
