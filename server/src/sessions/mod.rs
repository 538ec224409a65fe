//! Sessions: listing and ending them. Beginning one belongs to signing in.

pub mod service;
#[cfg(test)]
mod tests;
