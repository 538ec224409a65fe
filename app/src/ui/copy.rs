//! A button that copies a text.

use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::{prelude::*, task::spawn_local};

/// Copies a text to the clipboard and says so. It needs JavaScript, so it appears with it.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct CopyButton {
    /// What is copied.
    pub(crate) text: String,
    /// The button's name.
    pub(crate) label: String,
}

impl Island for CopyButton {
    const NAME: &'static str = "copy-button";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { text: told.text("text")?, label: told.text("label")? })
    }

    fn view(self) -> impl IntoView {
        let Self { text, label } = self;
        let (hydrated, set_hydrated) = signal(false);
        let (told, set_told) = signal(None);
        Effect::new(move |_| set_hydrated.set(true));
        let text = StoredValue::new(text);
        let copy = move |_| {
            spawn_local(async move {
                let done = write(&text.get_value()).await;
                set_told.set(Some(if done { tr!(page.copied) } else { tr!(page.not_copied) }));
            });
        };
        let label = StoredValue::new(label);
        view! {
            {move || hydrated.get().then(|| view! { <button type="button" class="quiet" on:click=copy>{label.get_value()}</button> })}
            <span class="hint" role="status">{move || told.get()}</span>
        }
    }
}

/// Writes to the clipboard; whether that worked. Browsers have none for pages that came without encryption from
/// elsewhere, and people may refuse it.
pub async fn write(text: &str) -> bool {
    let navigator = window().navigator();
    let there = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object());
    there && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
