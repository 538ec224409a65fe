//! Customers register by themselves, with a proof of their address.

pub mod service;
#[cfg(test)]
mod tests;
