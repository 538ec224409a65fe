//! Lists of accounts of both audiences, and helping their people.

pub mod service;
mod sql;
pub mod store;
#[cfg(test)]
mod tests;
pub mod wanted;
