//! The dashboard: today's figures, the providers' health, and what is left to do.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
