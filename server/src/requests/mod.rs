//! Approval requests: while the setting is ON, a change that weakens protection or moves messages waits for a second
//! administrator (decision 29). What makes such changes asks here first; `approvals` decides about them.

pub mod change;
pub mod service;
pub mod store;
