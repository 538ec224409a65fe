//! Where people get a new password.

use super::page::{ForgotPasswordPage, NewPasswordPage};
use crate::{login::types::Audience, ui::route::Page};
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

impl Audience {
    /// Where this audience asks for a new password.
    pub const fn forgot_path(self) -> &'static str {
        match self {
            Self::Admin => "/admin/login/forgot",
            Self::Customer => "/login/forgot",
        }
    }
}

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/login/forgot") view=|| view! { <ForgotPasswordPage audience=Audience::Customer /> } />
        <Page path=path!("/admin/login/forgot") view=|| view! { <ForgotPasswordPage audience=Audience::Admin /> } />
        <Page path=path!("/password/:token") view=NewPasswordPage />
    }
    .into_inner()
    .into_any_nested_route()
}
