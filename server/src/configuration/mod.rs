//! Named system settings.

pub mod service;
#[cfg(test)]
mod tests;
