//! Where an invitation is accepted.

use super::accept::AcceptInvitationPage;
use crate::ui::route::Page;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    path,
};

/// The pages before signing in.
#[component(transparent)]
pub fn EntryRoutes() -> AnyNestedRoute {
    view! {
        <Page path=path!("/invitation/:token") view=AcceptInvitationPage />
    }
    .into_inner()
    .into_any_nested_route()
}
