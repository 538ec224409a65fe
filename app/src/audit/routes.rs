//! Where the audit log is.

use super::page::AuditPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page of the log.
pub const AUDIT_PATH: &str = "/admin/audit";
/// Where it is exported; takes the same filter.
pub const AUDIT_EXPORT_PATH: &str = "/admin/audit.csv";

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/audit") view=AuditPage />
    }
    .into_inner()
    .into_any_nested_route()
}
