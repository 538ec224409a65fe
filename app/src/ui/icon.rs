//! Icons, drawn with the text's colour and hidden from screen readers.

use leptos::prelude::*;

/// A pencil.
#[component]
pub fn EditIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 20h4L19 9a2.8 2.8 0 0 0-4-4L4 16v4z" />
            <path d="m13.5 6.5 4 4" />
        </svg>
    }
}

/// A bin.
#[component]
pub fn DeleteIcon() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5" />
        </svg>
    }
}

/// A shield with a tick: the sign of the brand.
#[component]
pub fn ShieldIcon() -> impl IntoView {
    view! {
        <svg class="icon shield" viewBox="0 0 24 24" aria-hidden="true">
            // By classes: in the browser Leptos puts each path into a `<g>` of its own, so none is the last child.
            <path class="shield-ground" d="M12 3 5 6v5c0 4.6 2.9 8.2 7 10 4.1-1.8 7-5.4 7-10V6l-7-3z" />
            <path class="shield-tick" d="m9 12 2.2 2.2L15.5 10" />
        </svg>
    }
}
