//! The Countersign server: rules, storage, providers and HTTP.

// The types of views nest deeply.
#![recursion_limit = "512"]

pub mod account;
pub mod accounts;
pub mod approvals;
pub mod audit;
pub mod audit_export;
pub mod begun;
pub mod brand;
pub mod challenge;
pub mod channel;
pub mod config_file;
pub mod configuration;
pub mod copy;
pub mod core;
pub mod dashboard;
pub mod delivery;
pub mod demo;
#[cfg(test)]
mod dependencies;
pub mod devices;
pub mod doctor;
pub mod enrollment;
pub mod entity;
pub mod entries;
pub mod error;
#[cfg(test)]
mod floors;
pub mod http;
pub mod invitation;
pub mod keys;
pub mod links;
pub mod login;
pub mod looks;
pub mod message_templates;
pub mod migration;
pub mod not_me;
pub mod offers;
pub mod outbox;
pub mod password;
pub mod platform;
pub mod policy;
pub mod ports;
pub mod providers;
pub mod recovery;
pub mod registration;
pub mod requests;
#[cfg(test)]
mod returning;
pub mod rules;
pub mod secondary_auth;
pub mod seed;
pub mod services;
pub mod sessions;
pub mod step_up;
pub mod templates;
#[cfg(test)]
mod testing;
pub mod tidy;
pub mod users;
