//! The buttons of the form of a provider that sends.

use super::routes::SERVICES_PATH;
use crate::ui::form::{SubmitButton, ignore_while_pending};
use leptos::prelude::*;
use leptos_router::components::A;

/// Stores the form, or tests what is in it, or leaves it.
#[component]
pub fn SaveButtons(
    /// Whether the server is working on this form.
    #[prop(into)]
    pending: Signal<bool>,
) -> impl IntoView {
    view! {
        <div class="buttons">
            <SubmitButton pending label=tr!(page.save) />
            <button
                type="submit"
                name="test"
                value="on"
                class="secondary"
                class:busy=move || pending.get()
                on:click=ignore_while_pending(pending)
            >
                {tr!(services.send_test)}
            </button>
            <A href=SERVICES_PATH attr:class="quiet">{tr!(page.cancel)}</A>
        </div>
    }
}
