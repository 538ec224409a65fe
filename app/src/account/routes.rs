//! Where people look after their own account.

use super::{
    email::{ChangeEmailPage, ConfirmEmailPage},
    page::AccountPage,
    security::SecurityPage,
    set_up::SetUpPage,
};
use crate::{login::types::Audience, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

impl Audience {
    /// Where this audience looks after its own security.
    pub const fn security_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/security",
            Self::Customer => "/account/security",
        }
    }

    /// Where this audience has its own name and address.
    pub const fn details_path(self) -> &'static str {
        match self {
            Self::Admin => self.security_path(),
            Self::Customer => self.home_path(),
        }
    }

    /// Where this audience changes its own address.
    pub const fn email_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/profile/email",
            Self::Customer => "/account/email",
        }
    }
}

/// The pages that a link in a message opens.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/setup/:token") view=SetUpPage />
        <Page path=path!("/email/:token") view=ConfirmEmailPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within a customer's account.
#[component(transparent)]
pub fn AccountRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/") view=AccountPage />
        <Page path=path!("/security") view=|| view! { <SecurityPage audience=Audience::Customer /> } />
        <Page path=path!("/email") view=|| view! { <ChangeEmailPage audience=Audience::Customer /> } />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The pages within the administrators' console.
#[component(transparent)]
pub fn AdminRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/profile/security") view=|| view! { <SecurityPage audience=Audience::Admin /> } />
        <Page path=path!("/profile/email") view=|| view! { <ChangeEmailPage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
