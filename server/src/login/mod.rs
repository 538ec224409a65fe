//! Signing in and out.

#[cfg(test)]
mod clock_tests;
pub mod service;
#[cfg(test)]
mod strangers_tests;
#[cfg(test)]
mod tests;
