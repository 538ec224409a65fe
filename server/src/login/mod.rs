//! Signing in and out.

pub mod service;
#[cfg(test)]
mod tests;
