//! What stands below the field of a new password.

use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// Shows the password, and counts its characters. It needs JavaScript, so it appears with it.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct PasswordTools {
    /// The id of the password's field.
    pub(crate) of: String,
}

impl Island for PasswordTools {
    const NAME: &'static str = "password-tools";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { of: told.text("of")? })
    }

    fn view(self) -> impl IntoView {
        let Self { of } = self;
        let length = RwSignal::new(0_u32);
        let (shown, set_shown) = signal(false);
        let (alive, set_alive) = signal(false);
        let of = StoredValue::new(of);
        let input =
            move || document().get_element_by_id(&of.get_value()).and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        let count = move || {
            let count = input().map_or(0, |input| input.value().chars().count());
            length.set(u32::try_from(count).unwrap_or(u32::MAX));
        };
        Effect::new(move |_| {
            set_alive.set(true);
            count();
            let typing = window_event_listener(ev::input, move |_| count());
            on_cleanup(move || typing.remove());
        });
        let toggle = move |_| {
            set_shown.update(|shown| *shown = !*shown);
            if let Some(input) = input() {
                input.set_type(if shown.get_untracked() { "text" } else { "password" });
            }
        };
        view! {
            <div class="password-tools" hidden=move || !alive.get()>
                <button type="button" class="quiet" aria-pressed=move || shown.get().to_string() on:click=toggle>
                    {tr!(password.show)}
                </button>
                <span class="hint">{move || (length.get() > 0).then(|| tr!(password.length, count = length.get()))}</span>
            </div>
        }
    }
}
