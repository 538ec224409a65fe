//! A page under its address.

use leptos::prelude::*;
use leptos_router::{
    ChooseView, PossibleRouteMatch, SsrMode,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
};

/// A page under its address. Rendered whole (`Async`): without JavaScript nothing could put late parts into their
/// places.
#[component(transparent)]
pub fn Page<Segments, View>(
    /// The path below that of the parent route.
    path: Segments,
    /// The page.
    view: View,
) -> AnyNestedRoute
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    View: ChooseView + Clone + 'static,
{
    view! { <Route ssr=SsrMode::Async path view /> }.into_inner().into_any_nested_route()
}
