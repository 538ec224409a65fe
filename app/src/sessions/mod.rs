//! Sessions: browsers that are signed in.

pub mod page;
pub mod types;
