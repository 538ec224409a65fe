//! The Countersign server: rules, storage, providers and HTTP.

// The types of views nest deeply.
#![recursion_limit = "512"]

pub mod account;
pub mod audit;
pub mod challenge;
pub mod clock;
pub mod config;
pub mod config_file;
pub mod configuration;
pub mod core;
pub mod dashboard;
pub mod database;
pub mod delivery;
pub mod demo;
pub mod devices;
pub mod doctor;
pub mod enrollment;
pub mod entity;
pub mod http;
pub mod invitation;
pub mod links;
pub mod login;
pub mod migration;
pub mod password;
pub mod passwords;
pub mod phone;
pub mod policy;
pub mod ports;
pub mod providers;
pub mod recovery;
pub mod registration;
pub mod secondary_auth;
pub mod services;
pub mod sessions;
pub mod step_up;
#[cfg(test)]
mod testing;
mod throttle;
pub mod users;
pub mod vault;
