//! A request for proof: sending a code, and checking it.

pub mod limits;
pub mod service;
pub mod store;
pub mod trail;
#[cfg(test)]
mod tests;
