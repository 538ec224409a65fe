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
        let changed = RwSignal::new(0);
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| browser::watch(changed, || tr!(configuration.leave)));
        let take_back = move |_| {
            #[cfg(feature = "hydrate")]
            browser::take_back();
        };
        view! {
            <div class="changes" hidden=move || changed.get() == 0>
                <p role="status">{move || tr!(configuration.changes, count = changed.get())}</p>
                <button type="submit" class="primary">{tr!(configuration.save_all)}</button>
                <button type="button" class="secondary" on:click=take_back>{tr!(configuration.discard)}</button>
            </div>
        }
    }
}

/// By which name the bar sends the value of a setting.
pub(super) fn posted_as(key: &str) -> String {
    format!("values[{key}]")
}

#[cfg(feature = "hydrate")]
mod browser {
    use crate::navigation::{LEAVING, VISITED};
    use leptos::{
        prelude::*,
        wasm_bindgen::JsCast,
        web_sys::{Event, HtmlElement, HtmlInputElement},
    };
    use std::time::Duration;

    /// The fields of the settings in which something else stands than is stored (`data-stored`).
    fn changed_fields() -> Vec<HtmlInputElement> {
        let Ok(found) = document().query_selector_all("input[data-stored]") else { return Vec::new() };
        let fields = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<HtmlInputElement>().ok());
        fields.filter(|field| field.value() != stored(field)).collect()
    }

    fn stored(field: &HtmlInputElement) -> String {
        field.get_attribute("data-stored").unwrap_or_default()
    }

    /// Has the bar's form send each changed setting by its name there (`data-posted-as`). Tells how many there are.
    fn fill_form() -> Option<u32> {
        let bar = document().query_selector(".changes").ok()??;
        while let Some(sent) = bar.query_selector("input").ok()? {
            sent.remove();
        }
        let fields = changed_fields();
        for field in &fields {
            let sent: HtmlInputElement = document().create_element("input").ok()?.dyn_into().ok()?;
            sent.set_type("hidden");
            sent.set_name(&field.get_attribute("data-posted-as")?);
            sent.set_value(&field.value());
            bar.append_child(&sent).ok()?;
        }
        u32::try_from(fields.len()).ok()
    }

    /// Keeps what is changed up to date, and asks before it would be lost.
    pub(super) fn watch(changed: RwSignal<u32>, question: fn() -> String) {
        let note = move || {
            let now = fill_form().unwrap_or_default();
            if now != changed.get_untracked() {
                changed.set(now);
            }
        };
        // A switch has turned once everybody has heard of the click.
        let soon = move || set_timeout(note, Duration::ZERO);
        // The browser asks in its own words before the window closes.
        let leaves = move |event: Event| {
            let asked_here = event.type_() == LEAVING;
            if changed.get_untracked() > 0
                && !(asked_here && window().confirm_with_message(&question()).unwrap_or(true))
            {
                event.prevent_default();
            }
        };
        let listeners = [
            hear("input", Box::new(move |_| note())),
            hear("click", Box::new(move |_| soon())),
            hear(VISITED, Box::new(move |_| soon())),
            hear(LEAVING, Box::new(leaves)),
            hear("beforeunload", Box::new(leaves)),
        ];
        on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
        note();
    }

    /// One kind of listener for all, or each would be compiled by itself.
    fn hear(name: &'static str, act: Box<dyn Fn(Event)>) -> WindowListenerHandle {
        window_event_listener_untyped(name, act)
    }

    /// Puts back what is stored.
    pub(super) fn take_back() {
        for field in changed_fields() {
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
