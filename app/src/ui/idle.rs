//! A warning before a session ends because nothing happened.

use crate::{account::types::Me, ui::load::Load};
use leptos::prelude::*;
use std::time::Duration;

/// Minutes before its end at which a session is warned of.
const BEFORE: u32 = 2;

/// Says, shortly before the session ends, that it will, with a button that keeps it. Whoever is signed in was asked for
/// on this page, so the time counts from there.
#[component]
pub fn IdleWarning(
    /// Who is signed in.
    me: Load<Me>,
) -> impl IntoView {
    let (warned, set_warned) = signal(false);
    Effect::new(move |_| {
        let Some(Ok(Me { idle_minutes, .. })) = me.get() else { return };
        set_warned.set(false);
        let wait = Duration::from_secs(60 * u64::from(idle_minutes.saturating_sub(BEFORE)));
        let timer = set_timeout_with_handle(move || set_warned.set(true), wait);
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <div role="status">
            {move || warned.get().then(|| view! {
                <div class="notice with-undo">
                    <p>{tr!(frame.idle, minutes = BEFORE)}</p>
                    <button type="button" class="secondary" on:click=move |_| me.refetch()>{tr!(frame.stay)}</button>
                </div>
            })}
        </div>
    }
}
