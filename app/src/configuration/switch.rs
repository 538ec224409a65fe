//! The switch of a setting.

use leptos::prelude::*;

/// The switch itself. Without JavaScript it loads the same page with the other state.
#[island]
pub(crate) fn Switch(
    /// The setting's key.
    name: String,
    /// Whether it is on in the storage.
    stored: bool,
    /// Whether it is on here.
    on: bool,
    /// What it says while it is off, and on.
    states: [String; 2],
    /// What it says below.
    hint: String,
    /// The page that it stands on.
    page: String,
) -> impl IntoView {
    let on = RwSignal::new(on);
    let number = |on: bool| if on { "1" } else { "0" };
    let title = format!("{name}-title");
    let hint_id = format!("{name}-hint");
    view! {
        <input type="hidden" name="value" value=move || number(on.get()) />
        <button
            type="submit"
            role="switch"
            name="draft"
            value=move || number(!on.get())
            formmethod="get"
            formaction=page
            aria-checked=move || on.get().to_string()
            aria-labelledby=title
            aria-describedby=hint_id.clone()
            on:click=move |event| {
                event.prevent_default();
                on.update(|on| *on = !*on);
            }
        >
            {move || states[usize::from(on.get())].clone()}
        </button>
        <p class="hint" id=hint_id>
            {hint} " "
            <strong hidden=move || on.get() == stored>{tr!(configuration.not_saved)}</strong>
        </p>
    }
}
