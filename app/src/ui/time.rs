//! Points in time: in UTC as the server writes them. Once a page is alive, `navigation::times` puts those of the browser
//! in their place.

use leptos::prelude::*;

/// `2026-01-31 08:05`, or with seconds, as RFC 3339 writes it; `None` for any other text.
fn rfc_3339(text: &str) -> Option<String> {
    let (date, time) = text.split_once(' ')?;
    let is = |part: &str, digits: &[usize], mark: char| {
        let parts: Vec<_> = part.split(mark).collect();
        parts.iter().map(|part| part.len()).eq(digits.iter().copied())
            && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let known = is(date, &[4, 2, 2], '-') && (is(time, &[2, 2], ':') || is(time, &[2, 2, 2], ':'));
    known.then(|| format!("{date}T{time}Z"))
}

/// A point in time; under the pointer in UTC. What is none stays as it is.
#[component]
pub fn Time(
    /// In UTC, `YYYY-MM-DD HH:MM` or with seconds; or that there is none.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let Some(utc) = rfc_3339(&at) else { return view! { <span class="time">{at}</span> }.into_any() };
    let title = format!("{at} UTC");
    let (day, hour) = at.split_once(' ').unwrap_or_default();
    // Where there is little room, the time of the day goes below the date.
    view! {
        <time class="time" datetime=utc title=title>
            <span>{day.to_owned()}</span> " " <span>{hour.to_owned()}</span>
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
    let Some(utc) = rfc_3339(&at) else { return view! { <span class="time">{at}</span> }.into_any() };
    let hour = at.split(' ').nth(1).unwrap_or_default();
    view! { <time class="time" datetime=utc title=format!("{at} UTC")>{format!("{hour} UTC")}</time> }.into_any()
}

/// Which zone the times of a page are in.
#[component]
pub fn ZoneNote() -> impl IntoView {
    view! {
        <span class="until-alive">{tr!(page.utc)}</span>
        <span class="once-alive">{tr!(page.local_time)}</span>
    }
}

#[cfg(test)]
mod tests {
    use super::rfc_3339;

    #[test]
    fn only_times_are_taken_for_times() {
        assert_eq!(rfc_3339("2026-01-31 08:05").as_deref(), Some("2026-01-31T08:05Z"));
        assert_eq!(rfc_3339("2026-01-31 08:05:09").as_deref(), Some("2026-01-31T08:05:09Z"));
        for text in ["Never", "2026-01-31", "2026-01-31 8:05", "no time", "2026-0x-31 08:05"] {
            assert_eq!(rfc_3339(text), None, "{text}");
        }
    }
}
