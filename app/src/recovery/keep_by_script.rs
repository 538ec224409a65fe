//! The ways to keep codes that need JavaScript.

use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use crate::ui::copy::write;
use leptos::{prelude::*, task::spawn_local};

/// Copying and printing, as far as this browser can do it.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct LivingWays {
    /// What is copied.
    pub(crate) text: String,
}

impl Island for LivingWays {
    const NAME: &'static str = "living-ways";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { text: told.text("text")? })
    }

    fn view(self) -> impl IntoView {
        let Self { text } = self;
        let (alive, set_alive) = signal(false);
        let (copied, set_copied) = signal(None::<bool>);
        Effect::new(move |_| set_alive.set(true));
        let text = StoredValue::new(text);
        let copy = move |_| {
            spawn_local(async move {
                set_copied.set(Some(write(&text.get_value()).await));
            });
        };
        let print = move |_| {
            let _ = window().print();
        };
        view! {
            {move || alive.get().then(|| view! {
                <button type="button" class="secondary" on:click=copy>{tr!(recovery.copy)}</button>
                <button type="button" class="secondary" on:click=print>{tr!(recovery.print)}</button>
            })}
            {move || (!alive.get()).then(|| view! { <p class="hint">{tr!(recovery.by_hand)}</p> })}
            <p class="hint" role="status">
                {move || copied.get().map(|done| if done { tr!(recovery.copied) } else { tr!(recovery.not_copied) })}
            </p>
        }
    }
}
