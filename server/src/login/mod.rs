//! Signing in and out.

#[cfg(test)]
mod changed_tests;
#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod cost_tests;
pub mod locked;
#[cfg(test)]
mod passkey_tests;
mod question;
pub mod service;
mod store;
#[cfg(test)]
mod strangers_tests;
#[cfg(test)]
mod tests;
mod together;
pub mod unfinished;
#[cfg(test)]
mod unfinished_tests;
