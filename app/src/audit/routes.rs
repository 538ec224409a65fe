//! Where the audit log is.

use super::{page::AuditPage, types::AuditQuery};
use crate::ui::route::{Page, path_with};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page of the log.
pub const AUDIT_PATH: &str = "/admin/audit";
/// Where it is exported; takes the same filter.
pub const AUDIT_EXPORT_PATH: &str = "/admin/audit.csv";

/// The address of the log, or of its export, with a query.
pub fn path_of(path: &str, query: &AuditQuery) -> String {
    let cursors = [("before", query.before.as_str()), ("after", query.after.as_str())];
    path_with(path, query.filter().into_iter().chain(cursors))
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/audit") view=AuditPage />
    }
    .into_inner()
    .into_any_nested_route()
}
