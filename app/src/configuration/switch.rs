//! The switch of a setting.

use super::changes::posted_as;
use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::prelude::*;

/// The switch itself. Without JavaScript it loads the same page with the other state.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct Switch {
    /// The setting's key.
    pub(crate) name: String,
    /// Whether it is on in the storage.
    pub(crate) stored: bool,
    /// Whether it is on here.
    pub(crate) on: bool,
    /// What it says while it is off, and on.
    pub(crate) states: [String; 2],
    /// What it says below.
    pub(crate) hint: String,
    /// The page that it stands on.
    pub(crate) page: String,
}

impl Island for Switch {
    const NAME: &'static str = "switch";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self {
            name: told.text("name")?,
            stored: told.flag("stored")?,
            on: told.flag("on")?,
            states: told.texts("states")?.try_into().ok()?,
            hint: told.text("hint")?,
            page: told.text("page")?,
        })
    }

    fn view(self) -> impl IntoView {
        let Self { name, stored, on, states, hint, page } = self;
        let on = RwSignal::new(on);
        let number = |on: bool| if on { "1" } else { "0" };
        let title = format!("{name}-title");
        let hint_id = format!("{name}-hint");
        view! {
            <input type="hidden" name="value" value=move || number(on.get()) data-posted-as=posted_as(&name) data-stored=number(stored) />
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
}
