//! The brand: name, colour and links, as administrators set them.

pub mod api;
pub mod colour;
pub mod links;
pub mod mail;
pub mod page;
mod pictures;
pub mod port;
pub mod preview;
pub mod routes;
pub mod types;
