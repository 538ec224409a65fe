//! Where two-factor authentication is allowed: the Services Manager and the pages on the way to it.

use super::{
    channels::ForbidPage,
    page::{ServicesManagerPage, SetupPage},
    two_factor::{DisallowPage, TwoFactorAuthPage},
};
use crate::{login::types::Audience, services::types::Channel, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The settings, which lead to what can be set up: there is nothing else of them.
pub const SETTINGS_PATH: &str = "/admin/settings";
/// What can be set up.
pub const SETUP_PATH: &str = "/admin/settings/setup";
/// The page of the Services Manager.
pub const SERVICES_MANAGER_PATH: &str = "/admin/settings/setup/services-manager";

/// The page of an audience's second factor.
pub fn two_factor_auth_path(audience: Audience) -> String {
    format!("{SERVICES_MANAGER_PATH}/two-factor/{}", audience.as_str())
}

/// The page that confirms switching it off.
pub fn disallow_path(audience: Audience) -> String {
    format!("{}/off", two_factor_auth_path(audience))
}

/// The page that confirms forbidding a channel to an audience.
pub fn forbid_path(audience: Audience, channel: Channel) -> String {
    format!("{SERVICES_MANAGER_PATH}/forbid/{}/{}", audience.as_str(), channel.as_str())
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup") view=SetupPage />
        <Page path=path!("/settings/setup/services-manager") view=ServicesManagerPage />
        <Page path=path!("/settings/setup/services-manager/two-factor/:audience") view=TwoFactorAuthPage />
        <Page path=path!("/settings/setup/services-manager/two-factor/:audience/off") view=DisallowPage />
        <Page path=path!("/settings/setup/services-manager/forbid/:audience/:kind") view=ForbidPage />
    }
    .into_inner()
    .into_any_nested_route()
}
