//! The buttons of the form of a provider that sends.

use super::routes::SERVICES_PATH;
use crate::ui::form::SubmitButton;
use leptos::prelude::*;
use leptos_router::components::A;

/// Stores the form, or tests what is in it, or leaves it.
#[component]
pub fn SaveButtons() -> impl IntoView {
    view! {
        <div class="buttons">
            <SubmitButton label=tr!(page.save) />
            <button type="submit" name="test" value="on" class="secondary">{tr!(services.send_test)}</button>
            <A href=SERVICES_PATH attr:class="quiet">{tr!(page.cancel)}</A>
        </div>
    }
}
