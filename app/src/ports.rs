//! What the server implements for the interface, one trait a feature. Server side only.

use crate::{
    account::port::AccountPort,
    approvals::port::ApprovalsPort,
    audit::port::AuditPort,
    brand::{port::BrandPort, types::Look},
    challenge::port::ChallengePort,
    configuration::port::ConfigurationPort,
    dashboard::port::DashboardPort,
    delivery::port::DeliveryPort,
    devices::port::DevicesPort,
    enrollment::port::EnrollmentPort,
    error::AppError,
    invitation::port::InvitationPort,
    login::port::LoginPort,
    message_templates::port::MessageTemplatesPort,
    not_me::port::NotMePort,
    password::port::PasswordPort,
    policy::port::PolicyPort,
    recovery::port::RecoveryPort,
    registration::port::RegistrationPort,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
    sessions::port::SessionsPort,
    step_up::port::StepUpPort,
    users::port::UsersPort,
};
use leptos::prelude::*;
use std::sync::Arc;

/// The brand as it is now.
#[derive(Clone)]
pub struct Brand(pub Arc<Look>);

/// What deleting came to, where that asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// It is gone.
    Done,
    /// It takes something away for good, so it has to be confirmed.
    NeedsConfirmation,
}

/// All ports, handed to pages and server functions through the context.
#[derive(Clone)]
pub struct Ports {
    /// Challenges of a session, whatever they prove.
    pub challenge: Arc<dyn ChallengePort>,
    /// Signing in and out.
    pub login: Arc<dyn LoginPort>,
    /// Accounts and the first administrator.
    pub account: Arc<dyn AccountPort>,
    /// Named system settings.
    pub configuration: Arc<dyn ConfigurationPort>,
    /// Changes that wait for a second administrator.
    pub approvals: Arc<dyn ApprovalsPort>,
    /// The audit log.
    pub audit: Arc<dyn AuditPort>,
    /// The messages of the outbox.
    pub delivery: Arc<dyn DeliveryPort>,
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
    /// One's own trusted devices.
    pub devices: Arc<dyn DevicesPort>,
    /// One's own sessions.
    pub sessions: Arc<dyn SessionsPort>,
    /// Proving again who one is.
    pub step_up: Arc<dyn StepUpPort>,
    /// Recovery codes.
    pub recovery: Arc<dyn RecoveryPort>,
    /// A new password for someone who forgot the old one.
    pub password: Arc<dyn PasswordPort>,
    /// What the messages say.
    pub message_templates: Arc<dyn MessageTemplatesPort>,
    /// The brand.
    pub brand: Arc<dyn BrandPort>,
    /// Saying that what was done in an account's name was someone else.
    pub not_me: Arc<dyn NotMePort>,
    /// Registration of customers.
    pub registration: Arc<dyn RegistrationPort>,
    /// The lists of accounts, and actions on them.
    pub users: Arc<dyn UsersPort>,
    /// Inviting people.
    pub invitation: Arc<dyn InvitationPort>,
}

/// The ports of the running server.
pub fn ports() -> Result<Ports, AppError> {
    use_context::<Ports>().ok_or_else(AppError::unlogged)
}
