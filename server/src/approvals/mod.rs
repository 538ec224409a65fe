//! Deciding about approval requests.

pub mod service;
#[cfg(test)]
mod tests;
