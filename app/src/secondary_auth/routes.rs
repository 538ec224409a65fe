//! Where service providers are offered as second factors.

use super::page::{DeleteSecondaryAuthPage, SecondaryAuthFormPage, SecondaryAuthListPage};
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page that lists the secondary auths.
pub const SECONDARY_AUTH_PATH: &str = "/admin/settings/setup/services-manager/secondary-auth";
/// Where one is added.
pub const NEW_SECONDARY_AUTH_PATH: &str = "/admin/settings/setup/services-manager/secondary-auth/new";

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/services-manager/secondary-auth") view=SecondaryAuthListPage />
        <Page path=path!("/settings/setup/services-manager/secondary-auth/new") view=SecondaryAuthFormPage />
        <Page path=path!("/settings/setup/services-manager/secondary-auth/:id") view=SecondaryAuthFormPage />
        <Page path=path!("/settings/setup/services-manager/secondary-auth/:id/delete") view=DeleteSecondaryAuthPage />
    }
    .into_inner()
    .into_any_nested_route()
}
