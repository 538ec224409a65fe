//! Who is here: browsers that signed in or are about to.

pub mod browser;
pub mod current;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
