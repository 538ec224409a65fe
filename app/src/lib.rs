//! What people see: pages, shared types and server functions.
//!
//! Compiled twice: for the server, where pages are rendered and server functions run, and for WASM, where the
//! same pages are hydrated. It knows no storage, mail or password library; the server implements its ports.

// The types of views nest deeply.
#![recursion_limit = "512"]

/// What the build script made of `locales/`.
#[allow(missing_docs, reason = "generated")]
#[allow(deprecated, reason = "counts choose their form by ranges, which link no ICU data: decision 3")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n;

/// A text of the translation file, in the language of the person.
macro_rules! tr {
    ($($key:tt)*) => {
        leptos_i18n::td_string!($crate::locale(), $($key)*).to_string()
    };
}

pub mod account;
pub mod approvals;
pub mod audit;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod challenge;
pub mod configuration;
pub mod customers;
pub mod dashboard;
pub mod delivery;
#[cfg(feature = "ssr")]
pub mod demo_texts;
pub mod devices;
pub mod enrollment;
pub mod error;
pub mod invitation;
pub mod login;
#[cfg(feature = "hydrate")]
pub mod navigation;
pub mod not_me;
pub mod passkey;
pub mod password;
pub mod policy;
#[cfg(feature = "ssr")]
pub mod ports;
pub mod recovery;
pub mod registration;
pub mod secondary_auth;
pub mod services;
pub mod sessions;
mod shell;
pub mod step_up;
pub mod text;
pub mod ui;
pub mod users;
pub mod validate;

pub use shell::{App, shell};

/// The language of the person; English is the only one so far.
fn locale() -> i18n::Locale {
    i18n::Locale::en
}
