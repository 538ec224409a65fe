//! What messages say: the words that administrators gave them, in place of those that they came with.

mod render;
pub mod store;

pub use render::{lacking, render, shown};
