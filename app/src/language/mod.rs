//! The language that people read: which there are, which one is meant, and the switch.

#[cfg(feature = "ssr")]
pub mod api;
mod plurals;
#[cfg(feature = "ssr")]
pub mod switch;
#[cfg(feature = "ssr")]
mod times;
pub mod types;

pub(crate) use plurals::{Form, form_of};
