//! Points in time, as the page's language writes them: in UTC from the server. Once a page is alive, `navigation::times`
//! puts those of the browser's clock in their place.

use crate::texts::spoken;
use leptos::prelude::*;

/// As RFC 3339 writes it.
fn rfc_3339(at: &str) -> String {
    format!("{}Z", at.replacen(' ', "T", 1))
}

/// A point in time; under the pointer in UTC. What is none stays as it is.
#[component]
pub fn Time(
    /// In UTC, `YYYY-MM-DD HH:MM` or with seconds; or that there is none.
    #[prop(into)]
    at: String,
    /// Whether it stays in UTC, as in what is asked for by days of UTC.
    #[prop(optional)]
    utc: bool,
) -> impl IntoView {
    let Some((day, Some(hour))) = spoken().day_and_time(&at) else {
        return view! { <span class="time">{at}</span> }.into_any();
    };
    let title = format!("{day} {hour} UTC");
    // Where there is little room, the time of the day goes below the date.
    view! {
        <time class="time" class:utc=utc datetime=rfc_3339(&at) title=title>
            <span>{day}</span> " " <span>{hour}</span>
        </time>
    }
    .into_any()
}

/// The time of a day to the second: in UTC, which it says, and on the clock of the browser once the page is alive.
#[component]
pub fn TimeOfDay(
    /// In UTC, `YYYY-MM-DD HH:MM:SS`.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let Some((day, Some(hour))) = spoken().day_and_time(&at) else {
        return view! { <span class="time">{at}</span> }.into_any();
    };
    let title = format!("{day} {hour} UTC");
    view! { <time class="time" datetime=rfc_3339(&at) title=title>{format!("{hour} UTC")}</time> }.into_any()
}

/// A day of UTC, `YYYY-MM-DD`.
#[component]
pub fn Day(
    /// The day.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let words = spoken().moment(&at);
    view! { <time class="time utc" datetime=at><span>{words}</span></time> }
}

/// Which zone the times of a page are in.
#[component]
pub fn ZoneNote() -> impl IntoView {
    view! {
        <span class="until-alive">{tr!(page.utc)}</span>
        <span class="once-alive">
            {tr!(page.local_time)}
            // Where there is a pointer.
            <span class="by-pointer">" " {tr!(page.utc_by_pointer)}</span>
        </span>
    }
}
