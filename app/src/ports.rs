//! What the server implements for the interface, one trait a feature. Server side only.

use crate::{
    account::port::AccountPort, audit::port::AuditPort, dashboard::port::DashboardPort,
    enrollment::port::EnrollmentPort, error::AppError, login::port::LoginPort, policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort, services::port::ServicesPort,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The name that people see, as a setting.
#[derive(Clone)]
pub struct Brand(pub Arc<str>);

/// All ports, handed to pages and server functions through the context.
#[derive(Clone)]
pub struct Ports {
    /// Signing in and out.
    pub login: Arc<dyn LoginPort>,
    /// Accounts and the first administrator.
    pub account: Arc<dyn AccountPort>,
    /// The audit log.
    pub audit: Arc<dyn AuditPort>,
    /// The dashboard.
    pub dashboard: Arc<dyn DashboardPort>,
    /// Service providers.
    pub services: Arc<dyn ServicesPort>,
    /// Service providers offered as second factors.
    pub secondary_auth: Arc<dyn SecondaryAuthPort>,
    /// Two-factor authentication per audience.
    pub policy: Arc<dyn PolicyPort>,
    /// The entries of an account.
    pub enrollment: Arc<dyn EnrollmentPort>,
}

/// The ports of the running server.
pub fn ports() -> Result<Ports, AppError> {
    use_context::<Ports>().ok_or(AppError::Internal)
}
