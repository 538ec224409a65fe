//! Where service providers are set up.

use super::{
    page::{AddServicePage, NewServicePage, ServiceListPage, ServicePage, ServiceTypePage},
    questions::{DeactivateServicePage, DeleteServicePage},
    sms_page::{NewSmsPage, SmsVendorPage},
    types::Channel,
};
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};
use uuid::Uuid;

/// The page that lists the providers.
pub const SERVICES_PATH: &str = "/admin/settings/setup/services-manager/services";
/// Where a provider is added.
pub const NEW_SERVICE_PATH: &str = "/admin/settings/setup/services-manager/services/new";

/// The page of one provider.
pub fn service_path(id: Uuid) -> String {
    format!("{SERVICES_PATH}/{id}")
}

/// The pages within the administrators' console. `new` has to come before `:id`, which would match it too.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/services-manager/services") view=ServiceListPage />
        <Page path=path!("/settings/setup/services-manager/services/new") view=AddServicePage />
        <Page path=path!("/settings/setup/services-manager/services/new/provider") view=ServiceTypePage />
        <Page path=path!("/settings/setup/services-manager/services/new/smtp") view=|| view! { <NewServicePage channel=Channel::Smtp /> } />
        <Page path=path!("/settings/setup/services-manager/services/new/sms") view=SmsVendorPage />
        <Page path=path!("/settings/setup/services-manager/services/new/sms/:vendor") view=NewSmsPage />
        <Page path=path!("/settings/setup/services-manager/services/new/authenticator") view=|| view! { <NewServicePage channel=Channel::Authenticator /> } />
        <Page path=path!("/settings/setup/services-manager/services/new/passkey") view=|| view! { <NewServicePage channel=Channel::Passkey /> } />
        <Page path=path!("/settings/setup/services-manager/services/:id") view=ServicePage />
        <Page path=path!("/settings/setup/services-manager/services/:id/deactivate") view=DeactivateServicePage />
        <Page path=path!("/settings/setup/services-manager/services/:id/delete") view=DeleteServicePage />
    }
    .into_inner()
    .into_any_nested_route()
}
