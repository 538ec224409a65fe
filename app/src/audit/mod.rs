//! Who did what, to whom, when, from where, with what outcome.

pub mod types;
