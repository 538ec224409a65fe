//! Where customers register.

use super::page::{FinishRegistrationPage, RegisterPage};
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// Where customers register.
pub const REGISTER_PATH: &str = "/register";

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/register") view=RegisterPage />
        <Page path=path!("/register/:token") view=FinishRegistrationPage />
    }
    .into_inner()
    .into_any_nested_route()
}
