//! Proving again who one is.

pub mod service;
#[cfg(test)]
mod tests;
