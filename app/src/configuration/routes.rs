//! Where settings are changed.

use super::page::ConfigurationPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page of the settings.
pub const CONFIGURATION_PATH: &str = "/admin/settings/setup/configuration";

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/configuration") view=ConfigurationPage />
    }
    .into_inner()
    .into_any_nested_route()
}
