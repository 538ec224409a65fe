//! Where the deliveries are listed.

use super::{page::DeliveriesPage, types::DeliveryQuery};
use crate::ui::route::{Page, path_with};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page that lists the deliveries.
pub const DELIVERIES_PATH: &str = "/admin/settings/setup/services-manager/deliveries";

/// The address of the list with a query.
pub fn deliveries_path(query: &DeliveryQuery) -> String {
    let cursors = [("before", query.before.as_str()), ("after", query.after.as_str())];
    path_with(DELIVERIES_PATH, query.filter().into_iter().chain(cursors))
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/services-manager/deliveries") view=DeliveriesPage />
    }
    .into_inner()
    .into_any_nested_route()
}
