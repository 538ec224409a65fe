//! Where the second factor is managed.

use super::{
    last_entry::DeleteEntryPage,
    page::{TwoFactorPage, TwoFactorVerifyPage},
};
use crate::{login::types::Audience, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};
use uuid::Uuid;

impl Audience {
    /// Where this audience manages its own second factor.
    pub const fn two_factor_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security",
            Self::Customer => "/account/two-factor",
        }
    }

    /// Where this audience proves a new entry.
    pub const fn verify_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security/verify",
            Self::Customer => "/account/two-factor/verify",
        }
    }
}

/// The page that confirms deleting an entry.
pub fn delete_path(audience: Audience, id: Uuid) -> String {
    format!("{}/delete/{id}", audience.two_factor_path())
}

/// The pages within a customer's account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/two-factor") view=|| view! { <TwoFactorPage audience=Audience::Customer /> } />
        <Page path=path!("/two-factor/delete/:id") view=|| view! { <DeleteEntryPage audience=Audience::Customer /> } />
        <Page path=path!("/two-factor/verify") view=|| view! { <TwoFactorVerifyPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/profile/security/delete/:id") view=|| view! { <DeleteEntryPage audience=Audience::Admin /> } />
        <Page path=path!("/profile/security/verify") view=|| view! { <TwoFactorVerifyPage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
