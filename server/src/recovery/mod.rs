//! Codes that stand in for a second factor: one's own recovery codes, and the helpdesk's code for somebody locked out.

pub mod service;
pub mod shown_once;
#[cfg(test)]
mod tests;
