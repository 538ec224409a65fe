//! Signing in and out.

#[cfg(test)]
mod changed_tests;
#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod cost_tests;
pub mod locked;
pub mod service;
mod store;
#[cfg(test)]
mod strangers_tests;
#[cfg(test)]
mod tests;
pub mod unfinished;
#[cfg(test)]
mod unfinished_tests;
