//! The secondary authentication entries of accounts.

#[cfg(test)]
mod authenticator_tests;
#[cfg(test)]
mod passkey_tests;
pub mod restore;
pub mod service;
#[cfg(test)]
mod tests;
