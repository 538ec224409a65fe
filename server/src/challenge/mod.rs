//! A request for proof: sending a code, and checking it.

pub mod limits;
pub mod passkey;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
mod texts;
pub mod trail;
