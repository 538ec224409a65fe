//! Where administrators decide about approval requests.

use super::page::ApprovalsPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page that lists them.
pub const APPROVALS_PATH: &str = "/admin/settings/setup/approvals";

/// Where somebody is led whose change waits now.
pub fn asked_path() -> String {
    format!("{APPROVALS_PATH}?done=approval_asked")
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! { <Page path=path!("/settings/setup/approvals") view=ApprovalsPage /> }.into_inner().into_any_nested_route()
}
