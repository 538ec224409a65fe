//! Named system settings.

pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
