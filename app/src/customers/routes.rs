//! Where customers are listed and helped.

use crate::{
    invitation::page::InvitePage,
    login::types::Audience,
    ui::route::Page,
    users::{account::Tab, details::AccountPage, help::HelpPage, list::AccountListPage},
};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page that lists the customers.
pub const CUSTOMERS_PATH: &str = "/admin/customers";

/// The pages within the administrators' console. `new` has to come before `:id`, which would match it too,
/// and so have the pages of an account before `:help`.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/customers") view=|| view! { <AccountListPage audience=Audience::Customer /> } />
        <Page path=path!("/customers/new") view=|| view! { <InvitePage audience=Audience::Customer /> } />
        <Page path=path!("/customers/:id") view=|| view! { <AccountPage audience=Audience::Customer tab=Tab::Details /> } />
        <Page path=path!("/customers/:id/two-factor") view=|| view! { <AccountPage audience=Audience::Customer tab=Tab::TwoFactor /> } />
        <Page path=path!("/customers/:id/activity") view=|| view! { <AccountPage audience=Audience::Customer tab=Tab::Activity /> } />
        <Page path=path!("/customers/:id/:help") view=|| view! { <HelpPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
