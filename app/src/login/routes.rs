//! Where people sign in.

use super::{
    page::{LoginCodePage, LoginMethodsPage, LoginPage, LoginWithCodePage},
    types::Audience,
};
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

impl Audience {
    /// Where this audience signs in.
    pub const fn login_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login",
            Self::Customer => "/login",
        }
    }

    /// Where this audience enters its verification code.
    pub const fn code_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/code",
            Self::Customer => "/login/code",
        }
    }

    /// Where this audience chooses another method for its verification code.
    pub const fn methods_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/methods",
            Self::Customer => "/login/methods",
        }
    }

    /// Where this audience enters its password and the code of an authenticator app together.
    pub const fn login_with_code_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/with-code",
            Self::Customer => "/login/with-code",
        }
    }

    /// Where this audience arrives after signing in.
    pub const fn home_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin",
            Self::Customer => "/account",
        }
    }
}

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/login") view=|| view! { <LoginPage audience=Audience::Customer /> } />
        <Page path=path!("/login/code") view=|| view! { <LoginCodePage audience=Audience::Customer /> } />
        <Page path=path!("/login/methods") view=|| view! { <LoginMethodsPage audience=Audience::Customer /> } />
        <Page path=path!("/login/with-code") view=|| view! { <LoginWithCodePage audience=Audience::Customer /> } />
        <Page path=path!("/admin/login") view=|| view! { <LoginPage audience=Audience::Admin /> } />
        <Page path=path!("/admin/login/code") view=|| view! { <LoginCodePage audience=Audience::Admin /> } />
        <Page path=path!("/admin/login/methods") view=|| view! { <LoginMethodsPage audience=Audience::Admin /> } />
        <Page path=path!("/admin/login/with-code") view=|| view! { <LoginWithCodePage audience=Audience::Admin /> } />
    }
    .into_inner()
    .into_any_nested_route()
}
