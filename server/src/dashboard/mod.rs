//! The dashboard: today's figures, the providers' health, and what is left to do.

pub mod service;
mod steps;
#[cfg(test)]
mod steps_tests;
pub mod store;
#[cfg(test)]
mod tests;
