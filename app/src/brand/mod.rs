//! The brand: name, colour and links, as administrators set them.

pub mod api;
pub mod colour;
pub mod links;
pub mod page;
pub mod port;
pub mod preview;
pub mod routes;
pub mod types;
