//! Administrators set the brand.

pub mod service;
#[cfg(test)]
mod tests;
