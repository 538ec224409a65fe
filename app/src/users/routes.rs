//! Where administrators are listed and helped, and what the lists of both audiences share.

use super::{account::Tab, details::AccountPage, help::HelpPage, list::AccountListPage};
use crate::{customers::routes::CUSTOMERS_PATH, invitation::page::InvitePage, login::types::Audience, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};
use uuid::Uuid;

/// The page that lists the administrators.
pub const USERS_PATH: &str = "/admin/settings/setup/users";

/// Where the accounts of an audience are listed.
pub const fn list_path(audience: Audience) -> &'static str {
    match audience {
        Audience::Admin => USERS_PATH,
        Audience::Customer => CUSTOMERS_PATH,
    }
}

/// Where one account is shown.
pub fn account_path(audience: Audience, id: Uuid) -> String {
    format!("{}/{id}", list_path(audience))
}

/// Where one of the pages of an account is.
pub fn tab_path(audience: Audience, id: Uuid, tab: Tab) -> String {
    format!("{}{}", account_path(audience, id), tab.as_str())
}

/// Where someone is invited.
pub fn invite_path(audience: Audience) -> String {
    format!("{}/new", list_path(audience))
}

/// The pages within the administrators' console. `new` has to come before `:id`, which would match it too,
/// and so have the pages of an account before `:help`.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/settings/setup/users") view=|| view! { <AccountListPage audience=Audience::Admin /> } />
        <Page path=path!("/settings/setup/users/new") view=|| view! { <InvitePage audience=Audience::Admin /> } />
        <Page path=path!("/settings/setup/users/:id") view=|| view! { <AccountPage audience=Audience::Admin tab=Tab::Details /> } />
        <Page path=path!("/settings/setup/users/:id/two-factor") view=|| view! { <AccountPage audience=Audience::Admin tab=Tab::TwoFactor /> } />
        <Page path=path!("/settings/setup/users/:id/activity") view=|| view! { <AccountPage audience=Audience::Admin tab=Tab::Activity /> } />
        <Page path=path!("/settings/setup/users/:id/:help") view=|| view! { <HelpPage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
