//! Where the dashboard is.

use super::page::DashboardPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/") view=DashboardPage />
    }
    .into_inner()
    .into_any_nested_route()
}
