//! What is alive on a page that waits for a code.

#[cfg(feature = "hydrate")]
use super::events::Events;
use crate::island::Island;
#[cfg(feature = "hydrate")]
use crate::island::Told;
use leptos::prelude::*;
use std::time::Duration;

/// Loads the page again as soon as the message is further than the page says.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct Follow {
    /// Where its events are heard.
    pub(crate) events: String,
    /// The event that the page was made of.
    pub(crate) shown: String,
}

impl Island for Follow {
    const NAME: &'static str = "follow";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { events: told.text("events")?, shown: told.text("shown")? })
    }

    fn view(self) -> impl IntoView {
        let Self { events, shown } = self;
        #[cfg(feature = "hydrate")]
        Effect::new(move |_| {
            let shown = shown.clone();
            let events = Events::open(&events, move |heard| {
                if heard != shown {
                    crate::navigation::load_again();
                }
            });
            let events = StoredValue::new_local(events);
            on_cleanup(move || drop(events.try_update_value(Option::take)));
        });
        #[cfg(not(feature = "hydrate"))]
        let _ = (events, shown);
    }
}

/// Appears when the time is over.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct Late {
    /// Seconds until then.
    pub(crate) left: u32,
    /// Whether the code comes by text message.
    pub(crate) texts: bool,
    /// The page of the other methods, where there are some.
    pub(crate) other: Option<String>,
}

impl Island for Late {
    const NAME: &'static str = "late";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { left: told.number("left")?, texts: told.flag("texts")?, other: told.text("other") })
    }

    fn view(self) -> impl IntoView {
        let Self { left, texts, other } = self;
        let (late, set_late) = signal(left == 0);
        Effect::new(move |_| {
            let timer = set_timeout_with_handle(move || set_late.set(true), Duration::from_secs(left.into()));
            on_cleanup(move || {
                if let Ok(timer) = timer {
                    timer.clear();
                }
            });
        });
        view! {
            <div role="status">
                {move || {
                    late.get().then(|| {
                        let other = other.clone().map(|page| view! { " " <a href=page>{tr!(challenge.late_other)}</a> });
                        let words = if texts { tr!(challenge.text_late) } else { tr!(challenge.late) };
                        view! { <p class="notice">{words} {other}</p> }
                    })
                }}
            </div>
        }
    }
}

/// Asks for a new code, once the pause is over. Without JavaScript the server tells how long to wait.
#[cfg_attr(feature = "ssr", derive(serde::Serialize))]
pub(crate) struct SendNewCodeButton {
    /// Seconds to wait, from now.
    pub(crate) resend_in: u32,
}

impl Island for SendNewCodeButton {
    const NAME: &'static str = "send-new-code";

    #[cfg(feature = "hydrate")]
    fn read(told: &Told) -> Option<Self> {
        Some(Self { resend_in: told.number("resend_in")? })
    }

    fn view(self) -> impl IntoView {
        let Self { resend_in } = self;
        let (left, set_left) = signal(resend_in);
        let (counting, set_counting) = signal(false);
        Effect::new(move |_| {
            set_counting.set(true);
            let tick = set_interval_with_handle(
                move || set_left.update(|left| *left = left.saturating_sub(1)),
                Duration::from_secs(1),
            );
            on_cleanup(move || {
                if let Ok(tick) = tick {
                    tick.clear();
                }
            });
        });
        let waiting = move || left.get() > 0;
        view! {
            <div class="resend">
                <button type="submit" class="secondary" disabled=move || counting.get() && waiting()>
                    {tr!(challenge.send_new_code)}
                </button>
                <p class="hint countdown" role="timer">
                    {move || waiting().then(|| tr!(challenge.resend_in, count = left.get()))}
                </p>
            </div>
        }
    }
}
