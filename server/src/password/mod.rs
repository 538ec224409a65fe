//! A new password for somebody who forgot the old one.

pub mod service;
#[cfg(test)]
mod tests;
