//! The button that requests a passkey from the browser.

use super::{
    browser,
    types::{Ask, Ceremony, Trouble},
};
use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::{
    ev::MouseEvent,
    html::{Button, Input},
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

/// Asks for a passkey and posts the form that it stands in with the answer. While the page is not alive, which it never
/// is without JavaScript, it says what is missing.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct PasskeyButton {
    /// What the key is asked for.
    pub(crate) ask: Ask,
    /// The options of the browser's call, as JSON.
    pub(crate) options: String,
    /// Where browsers allow the passkeys of this site.
    pub(crate) origin: String,
}

impl Island for PasskeyButton {
    const NAME: &'static str = "passkey-button";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self {
            ask: Ask::named(&told.text("ask")?)?,
            options: told.text("options")?,
            origin: told.text("origin")?,
        })
    }

    fn view(self) -> impl IntoView {
        let Self { ask, options, origin } = self;
        let (answer, button) = (NodeRef::<Input>::new(), NodeRef::<Button>::new());
        let alive = RwSignal::new(false);
        let asking = RwSignal::new(false);
        let trouble = RwSignal::new(None::<Trouble>);
        Effect::new(move |_| alive.set(true));
        let ceremony = Ceremony { options, origin: origin.clone() };
        let press = move |event: MouseEvent| {
            let waiting = asking.get_untracked();
            if !waiting && missing_name(button) {
                return;
            }
            // The form is posted once there is an answer.
            event.prevent_default();
            if waiting {
                return;
            }
            let ceremony = ceremony.clone();
            asking.set(true);
            trouble.set(None);
            spawn_local(async move {
                let result = browser::ask(ask, &ceremony).await;
                // The page may be another one by now.
                let _ = asking.try_set(false);
                match result {
                    Ok(json) => post(answer, &json),
                    Err(reason) => {
                        trouble.try_set(Some(reason));
                        request_animation_frame(focus_trouble);
                    }
                }
            });
        };
        let label = match ask {
            Ask::Register => tr!(passkey.register),
            Ask::Use => tr!(passkey.use_),
        };
        view! {
            <input type="hidden" name="code" node_ref=answer />
            {move || trouble.get().map(|reason| view! {
                <div class="notice problem" role="alert" tabindex="-1" id="passkey-trouble">
                    <p>{explain(reason, &origin)}</p>
                    {(reason == Trouble::Elsewhere).then(|| view! { <p><a href=origin.clone()>{origin.clone()}</a></p> })}
                </div>
            })}
            <button
                node_ref=button
                type="submit"
                class="primary"
                class:busy=move || asking.get()
                disabled=move || !alive.get()
                aria-disabled=move || asking.get().then_some("true")
                on:click=press
            >
                {label}
            </button>
            {move || (!alive.get()).then(|| view! { <p class="hint">{tr!(passkey.needs_javascript)}</p> })}
            {move || asking.get().then(|| view! { <p class="hint" role="status">{tr!(passkey.asking)}</p> })}
        }
    }
}

/// Whether the form asks for a name that is not there yet; the server says so without troubling the key.
fn missing_name(button: NodeRef<Button>) -> bool {
    let form = button.get_untracked().and_then(|button| button.form());
    let field = form.and_then(|form| form.query_selector("input[name=name]").ok().flatten());
    let field = field.and_then(|field| field.dyn_into::<leptos::web_sys::HtmlInputElement>().ok());
    field.is_some_and(|field| field.value().trim().is_empty())
}

fn post(answer: NodeRef<Input>, json: &str) {
    if let Some(input) = answer.try_get_untracked().flatten() {
        input.set_value(json);
        if let Some(form) = input.form() {
            let _ = form.request_submit();
        }
    }
}

fn focus_trouble() {
    let found = document().get_element_by_id("passkey-trouble").and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(found) = found {
        let _ = found.focus();
    }
}

fn explain(trouble: Trouble, origin: &str) -> String {
    match trouble {
        Trouble::Unsupported => tr!(passkey.unsupported),
        Trouble::Elsewhere => tr!(passkey.elsewhere, origin = origin.to_owned()),
        Trouble::Cancelled => tr!(passkey.cancelled),
        Trouble::Known => tr!(passkey.known),
        Trouble::Failed => tr!(passkey.failed),
    }
}
