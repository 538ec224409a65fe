//! Where people say that it was someone else.

use super::page::NotMePage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The page that the link in a notice opens.
pub fn not_me_path(token: &str) -> String {
    format!("/not-me/{token}")
}

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! { <Page path=path!("/not-me/:token") view=NotMePage /> }.into_inner().into_any_nested_route()
}
