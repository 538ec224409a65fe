//! The router and what surrounds every request. No SQL here.

mod access;
mod audit_export;
mod brand;
mod caller;
mod client_address;
mod code_events;
mod connections;
mod form;
mod framed;
mod guard;
mod headers;
mod health;
mod host;
mod language;
mod listener;
pub mod metrics;
mod redirect;
mod request_id;
mod router;
mod streams;
mod target;
mod template_preview;
#[cfg(test)]
mod tests;
mod turns;
mod well_known;

pub use headers::page_policy;
pub use language::of_browser as language_of;
pub use listener::{Limits, serve};
pub use router::{Site, router};
