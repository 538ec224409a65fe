//! A page under its address, and addresses with a query.

use leptos::prelude::*;
use leptos_router::{
    ChooseView, PossibleRouteMatch, SsrMode,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::Route,
    location::Url,
};
use std::sync::Arc;

/// An address with those values of a query that are not empty.
pub fn path_with<'a>(path: &str, values: impl Iterator<Item = (&'static str, &'a str)>) -> String {
    let values = values.filter(|(_, value)| !value.is_empty());
    let parts: Vec<_> = values.map(|(name, value)| format!("{name}={}", Url::escape(value))).collect();
    if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
}

/// A page under its address. Rendered whole (`Async`): without JavaScript nothing could put late parts into their
/// places.
#[component(transparent)]
pub fn Page<Segments, Make, View>(
    /// The path below that of the parent route.
    path: Segments,
    /// The page.
    view: Make,
) -> AnyNestedRoute
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    Make: Fn() -> View + Send + Sync + 'static,
    View: IntoView + 'static,
{
    let view = AnyPage(Arc::new(move || view().into_any()));
    view! { <Route ssr=SsrMode::Async path view /> }.into_inner().into_any_nested_route()
}

/// One type for all pages: the router's code exists once for each form of address, and not for each page.
#[derive(Clone)]
struct AnyPage(Arc<dyn Fn() -> AnyView + Send + Sync>);

impl ChooseView for AnyPage {
    async fn choose(self) -> AnyView {
        (self.0)()
    }

    async fn preload(&self) {}
}
