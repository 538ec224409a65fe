//! Buttons and links that show an icon and carry their name for screen readers.

use crate::ui::icon::{DeleteIcon, EditIcon};
use leptos::prelude::*;
use leptos_router::components::A;

/// Leads to the form of the thing that it stands beside.
#[component]
pub fn EditLink(
    /// The address of the form.
    href: String,
) -> impl IntoView {
    view! {
        <A href=href attr:class="icon-button" attr:aria-label=tr!(page.edit) attr:title=tr!(page.edit)>
            <EditIcon />
        </A>
    }
}

/// Sends the form around it, which removes something.
#[component]
pub fn DeleteButton() -> impl IntoView {
    view! {
        <button type="submit" class="icon-button danger" aria-label=tr!(page.delete) title=tr!(page.delete)>
            <DeleteIcon />
        </button>
    }
}
