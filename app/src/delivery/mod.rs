//! Messages on their way through a provider.

#[cfg(feature = "ssr")]
pub mod message;
pub mod types;
