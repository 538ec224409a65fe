//! Trusted devices: browsers that skip the second factor.

pub mod page;
pub mod types;
