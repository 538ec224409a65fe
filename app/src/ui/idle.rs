//! A warning before a session ends because nothing happened.

use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::prelude::*;
use std::time::Duration;

/// Minutes before its end at which a session is warned of.
const BEFORE: u32 = 2;

/// Says, shortly before the session ends, that it will, with a button that keeps it. The server hears of somebody with
/// every page, so the time counts from the last one.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct IdleWarning {
    /// Minutes that it lives on while nothing happens.
    pub(crate) minutes: u32,
}

impl Island for IdleWarning {
    const NAME: &'static str = "idle-warning";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { minutes: told.number("minutes")? })
    }

    fn view(self) -> impl IntoView {
        let Self { minutes } = self;
        let (warned, set_warned) = signal(false);
        // Counts the times that the server heard of somebody.
        let heard = RwSignal::new(0_u32);
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| {
            let visits =
                window_event_listener_untyped(crate::navigation::VISITED, move |_| heard.update(|count| *count += 1));
            on_cleanup(move || visits.remove());
        });
        Effect::new(move |_| {
            heard.track();
            set_warned.set(false);
            let wait = Duration::from_secs(60 * u64::from(minutes.saturating_sub(BEFORE)));
            let timer = set_timeout_with_handle(move || set_warned.set(true), wait);
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        let stay = move |_| {
            #[cfg(feature = "hydrate")]
            crate::navigation::load_again();
        };
        view! {
            <div role="status">
                {move || warned.get().then(|| view! {
                    <div class="notice with-undo">
                        <p>{tr!(frame.idle, minutes = BEFORE)}</p>
                        <button type="button" class="secondary" on:click=stay>{tr!(frame.stay)}</button>
                    </div>
                })}
            </div>
        }
    }
}
