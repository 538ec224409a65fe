//! Buttons and links that show an icon and carry their name for screen readers.

use crate::ui::icon::{DeleteIcon, EditIcon};
use leptos::prelude::*;
use leptos_router::components::A;

/// A link to the form of a row.
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

/// The submit button of a form that removes a row.
#[component]
pub fn DeleteButton() -> impl IntoView {
    view! {
        <button type="submit" class="icon-button danger" aria-label=tr!(page.delete) title=tr!(page.delete)>
            <DeleteIcon />
        </button>
    }
}
