//! The owner of an account says that what was done in its name was someone else.

pub mod service;
#[cfg(test)]
mod tests;
