//! The tables. Times are Unix seconds in UTC.

pub mod account;
pub mod approval_request;
pub mod audit_event;
pub mod breaker;
pub mod challenge;
pub mod configuration;
pub mod data_key;
pub mod deleted_entry;
pub mod deleted_secondary_auth;
pub mod delivery;
pub mod delivery_attempt;
pub mod email_key;
pub mod enrollment;
pub mod fallback;
pub mod half_sign_in;
pub mod known_browser;
pub mod link;
pub mod policy;
pub mod protection;
pub mod recovery_code;
pub mod secondary_auth;
pub mod service_provider;
pub mod session;
pub mod stored;
pub mod throttle;
pub mod trusted_device;
