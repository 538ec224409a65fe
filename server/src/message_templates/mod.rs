//! Administrators change what messages say.

pub mod service;
#[cfg(test)]
mod tests;
mod text;
