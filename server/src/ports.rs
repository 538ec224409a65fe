//! Which service implements which port.

use crate::{
    account::service::Accounts, approvals::service::Approvals, audit::service::Audit, brand::service::Branding,
    challenge::ask::Challenges, configuration::service::Configurations, core::Core, dashboard::service::Dashboards,
    delivery::service::Deliveries, devices::service::Devices, enrollment::service::Enrollments,
    invitation::service::Invitations, login::service::Login, message_templates::service::MessageTemplates,
    not_me::service::NotMes, password::service::ForgottenPasswords, policy::service::Policies,
    recovery::service::Recoveries, registration::service::Registrations, secondary_auth::service::SecondaryAuths,
    services::service::Services, sessions::service::Sessions, step_up::service::StepUps, users::service::Users,
};
use app::ports::Ports;
use std::sync::Arc;

/// All ports of a running server.
pub fn ports(core: &Arc<Core>) -> Ports {
    Ports {
        challenge: Arc::new(Challenges(core.clone())),
        login: Arc::new(Login(core.clone())),
        account: Arc::new(Accounts(core.clone())),
        configuration: Arc::new(Configurations(core.clone())),
        audit: Arc::new(Audit(core.clone())),
        delivery: Arc::new(Deliveries(core.clone())),
        dashboard: Arc::new(Dashboards(core.clone())),
        services: Arc::new(Services(core.clone())),
        secondary_auth: Arc::new(SecondaryAuths(core.clone())),
        policy: Arc::new(Policies(core.clone())),
        enrollment: Arc::new(Enrollments(core.clone())),
        devices: Arc::new(Devices(core.clone())),
        sessions: Arc::new(Sessions(core.clone())),
        step_up: Arc::new(StepUps(core.clone())),
        recovery: Arc::new(Recoveries(core.clone())),
        password: Arc::new(ForgottenPasswords(core.clone())),
        message_templates: Arc::new(MessageTemplates(core.clone())),
        brand: Arc::new(Branding(core.clone())),
        not_me: Arc::new(NotMes(core.clone())),
        registration: Arc::new(Registrations(core.clone())),
        users: Arc::new(Users(core.clone())),
        approvals: Arc::new(Approvals(core.clone())),
        invitation: Arc::new(Invitations(core.clone())),
    }
}
