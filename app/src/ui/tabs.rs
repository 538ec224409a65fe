//! The pages of one thing, as links beside each other.

use leptos::prelude::*;
use leptos_router::components::A;

/// Links to the pages that belong together; the one that is shown is marked. Each has an address of its own.
#[component]
pub fn Tabs(
    /// What the pages are of, for screen readers.
    label: String,
    /// Their addresses and names.
    tabs: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <nav class="tabs" aria-label=label>
            <ul>
                {tabs
                    .into_iter()
                    .map(|(href, name)| view! { <li><A href=href exact=true>{name}</A></li> })
                    .collect_view()}
            </ul>
        </nav>
    }
}
