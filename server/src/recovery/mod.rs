//! Codes that stand in for a second factor: one's own recovery codes, and the helpdesk's code for somebody locked out.

pub mod check;
pub mod once;
pub mod service;
#[cfg(test)]
mod tests;
