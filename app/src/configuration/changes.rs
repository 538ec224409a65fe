//! What was changed on the configuration page and is not saved: how much, with a button that saves all of it and one that
//! takes it back. Without JavaScript it is not shown, and each setting has its own Save.

use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::prelude::*;

/// The bar below the settings.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct Changes {}

impl Island for Changes {
    const NAME: &'static str = "changes";

    #[cfg(feature = "hydrate")]
    fn read(_: &Told) -> Option<Self> {
        Some(Self {})
    }

    fn view(self) -> impl IntoView {
        // The settings' keys with what stands in their fields.
        let changed = RwSignal::new(Vec::<(String, String)>::new());
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| browser::watch(changed, || tr!(configuration.leave)));
        let take_back = move |_| {
            #[cfg(feature = "hydrate")]
            browser::take_back();
        };
        let count = move || changed.with(|changed| u32::try_from(changed.len()).unwrap_or(u32::MAX));
        view! {
            <div class="changes" hidden=move || count() == 0>
                {move || {
                    let fields = changed.get().into_iter();
                    fields.map(|(key, value)| view! { <input type="hidden" name=format!("values[{key}]") value=value /> }).collect_view()
                }}
                <p role="status">{move || (count() > 0).then(|| tr!(configuration.changes, count = count()))}</p>
                <button type="submit" class="primary">{tr!(configuration.save_all)}</button>
                <button type="button" class="secondary" on:click=take_back>{tr!(configuration.discard)}</button>
            </div>
        }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::navigation::{LEAVING, VISITED};
    use leptos::{
        ev,
        prelude::*,
        wasm_bindgen::JsCast,
        web_sys::{Event, HtmlElement, HtmlInputElement},
    };
    use std::time::Duration;

    /// The fields of the settings, each with what is stored (`data-stored`) under its key (`data-setting`).
    fn fields() -> Vec<HtmlInputElement> {
        let Ok(found) = document().query_selector_all("input[data-stored]") else { return Vec::new() };
        (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
    }

    fn stored(field: &HtmlInputElement) -> String {
        field.get_attribute("data-stored").unwrap_or_default()
    }

    fn look() -> Vec<(String, String)> {
        let changed = fields().into_iter().filter(|field| field.value() != stored(field));
        changed.map(|field| (field.get_attribute("data-setting").unwrap_or_default(), field.value())).collect()
    }

    /// Keeps what is changed up to date, and asks before it would be lost.
    pub(super) fn watch(changed: RwSignal<Vec<(String, String)>>, question: fn() -> String) {
        let note = move || {
            let now = look();
            if changed.with_untracked(|before| *before != now) {
                changed.set(now);
            }
        };
        // A switch has turned once everybody has heard of the click.
        let soon = move || set_timeout(note, Duration::ZERO);
        let asks = move || changed.with_untracked(|changed| !changed.is_empty());
        let listeners = [
            window_event_listener(ev::input, move |_| note()),
            window_event_listener(ev::click, move |_| soon()),
            window_event_listener_untyped(VISITED, move |_| soon()),
            window_event_listener_untyped(LEAVING, move |event: Event| {
                if asks() && !window().confirm_with_message(&question()).unwrap_or(true) {
                    event.prevent_default();
                }
            }),
            // The browser asks in its own words.
            window_event_listener_untyped("beforeunload", move |event: Event| {
                if asks() {
                    event.prevent_default();
                }
            }),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
        note();
    }

    /// Puts back what is stored.
    pub(super) fn take_back() {
        for field in fields().into_iter().filter(|field| field.value() != stored(field)) {
            if field.type_() == "hidden" {
                // The field of a switch, which it fills itself.
                let switch =
                    field.parent_element().and_then(|parent| parent.query_selector("[role=switch]").ok().flatten());
                if let Some(switch) = switch.and_then(|switch| switch.dyn_into::<HtmlElement>().ok()) {
                    switch.click();
                }
            } else {
                field.set_value(&stored(&field));
            }
        }
    }
}
