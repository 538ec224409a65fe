//! A request for proof: the code screen, and the message that carries the code.

#[cfg(feature = "ssr")]
pub mod message;
pub mod page;
#[cfg(feature = "ssr")]
pub mod port;
#[cfg(feature = "ssr")]
pub mod text_message;
pub mod types;
