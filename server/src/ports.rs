//! Which service implements which port.

use crate::{
    account::service::Accounts, audit::service::Audit, core::Core, dashboard::service::Dashboards,
    enrollment::service::Enrollments, login::service::Login, policy::service::Policies,
    secondary_auth::service::SecondaryAuths, services::service::Services,
};
use app::ports::Ports;
use std::sync::Arc;

/// All ports of a running server.
pub fn ports(core: &Arc<Core>) -> Ports {
    Ports {
        login: Arc::new(Login(core.clone())),
        account: Arc::new(Accounts(core.clone())),
        audit: Arc::new(Audit(core.clone())),
        dashboard: Arc::new(Dashboards(core.clone())),
        services: Arc::new(Services(core.clone())),
        secondary_auth: Arc::new(SecondaryAuths(core.clone())),
        policy: Arc::new(Policies(core.clone())),
        enrollment: Arc::new(Enrollments(core.clone())),
    }
}
