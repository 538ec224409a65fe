//! What people see: pages, shared types and server functions.
//!
//! Compiled for the server, where pages are rendered and server functions run. Of the same crate WASM gets the islands,
//! which are alive in the pages by themselves, and the navigation between pages (decision 36). It knows no storage, mail
//! or password library; the server implements its ports.

// The types of views nest deeply.
#![recursion_limit = "512"]

/// A text of the translation files, in the language that is spoken.
macro_rules! tr {
    ($first:ident $(. $more:ident)+ $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::texts::$first $(::$more)+ { $($name: $value),* }.text()
    };
}

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod approvals;
#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod brand;
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
mod island;
#[cfg(feature = "hydrate")]
mod islands;
pub mod language;
#[cfg(feature = "ssr")]
pub mod login;
#[cfg(feature = "ssr")]
pub mod message_templates;
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
#[cfg(feature = "ssr")]
pub mod site_files;
pub mod step_up;
#[cfg(feature = "ssr")]
pub mod text;
pub mod texts;
pub mod ui;
#[cfg(feature = "ssr")]
pub mod users;
#[cfg(feature = "ssr")]
pub mod validate;

#[cfg(feature = "ssr")]
pub use shell::{App, shell};
