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

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod approvals;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod caller;
pub mod challenge;
pub mod configuration;
#[cfg(feature = "ssr")]
pub mod customers;
#[cfg(feature = "ssr")]
pub mod dashboard;
#[cfg(feature = "ssr")]
pub mod delivery;
#[cfg(feature = "ssr")]
pub mod demo_texts;
#[cfg(feature = "ssr")]
pub mod devices;
#[cfg(feature = "ssr")]
pub mod enrollment;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod invitation;
#[cfg(feature = "ssr")]
pub mod login;
#[cfg(feature = "hydrate")]
pub mod navigation;
#[cfg(feature = "ssr")]
pub mod not_me;
pub mod passkey;
#[cfg(feature = "ssr")]
pub mod password;
#[cfg(feature = "ssr")]
pub mod policy;
#[cfg(feature = "ssr")]
pub mod ports;
pub mod recovery;
#[cfg(feature = "ssr")]
pub mod registration;
#[cfg(feature = "ssr")]
pub mod secondary_auth;
#[cfg(feature = "ssr")]
pub mod services;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
mod shell;
pub mod step_up;
#[cfg(feature = "ssr")]
pub mod text;
pub mod ui;
#[cfg(feature = "ssr")]
pub mod users;
#[cfg(feature = "ssr")]
pub mod validate;

#[cfg(feature = "ssr")]
pub use shell::{App, shell};

/// The language of the person; English is the only one so far.
fn locale() -> i18n::Locale {
    i18n::Locale::en
}
