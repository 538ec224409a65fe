//! What is alive on a page that waits for a code.

#[cfg(feature = "hydrate")]
use super::events::Events;
use leptos::prelude::*;
use std::time::Duration;

/// Loads the page again as soon as the message is further than the page says.
#[island]
pub(crate) fn Follow(
    /// Where its events are heard.
    events: String,
    /// The event that the page was made of.
    shown: String,
) -> impl IntoView {
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

/// Appears when the time is over.
#[island]
pub(crate) fn Late(
    /// Seconds until then.
    left: u32,
    /// Whether the code comes by text message.
    texts: bool,
    /// The page of the other methods, where there are some.
    other: Option<String>,
) -> impl IntoView {
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

/// Asks for a new code, once the pause is over. Without JavaScript the server tells how long to wait.
#[island]
pub(crate) fn SendNewCodeButton(
    /// Seconds to wait, from now.
    resend_in: u32,
) -> impl IntoView {
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
