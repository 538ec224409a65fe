//! The tables. Times are Unix seconds in UTC.

pub mod account;
pub mod challenge;
pub mod enrollment;
pub mod policy;
pub mod secondary_auth;
pub mod service_provider;
pub mod session;
pub mod set_up_link;
pub mod throttle;
pub mod trusted_device;
