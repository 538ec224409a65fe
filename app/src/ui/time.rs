//! Points in time: in UTC as the server writes them, and in the zone of the browser once the page is alive.

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

/// The same moment on the clock of the browser, written in the same way.
fn local(utc: &str, seconds: bool) -> String {
    let date = js_sys::Date::new(&utc.into());
    let minutes = format!(
        "{:04}-{:02}-{:02} {:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    );
    if seconds { format!("{minutes}:{:02}", date.get_seconds()) } else { minutes }
}

/// A point in time; under the pointer in UTC. What is none stays as it is.
#[component]
pub fn Time(
    /// In UTC, `YYYY-MM-DD HH:MM` or with seconds; or that there is none.
    #[prop(into)]
    at: String,
) -> impl IntoView {
    let Some(utc) = rfc_3339(&at) else { return view! { <span class="time">{at}</span> }.into_any() };
    let seconds = at.len() > "2026-01-31 08:05".len();
    let title = format!("{at} UTC");
    let text = RwSignal::new(at);
    Effect::new({
        let utc = utc.clone();
        move |_| text.set(local(&utc, seconds))
    });
    // Where there is little room, the time of the day goes below the date.
    let part = move |number| text.with(|text| text.split(' ').nth(number).unwrap_or_default().to_owned());
    view! {
        <time class="time" datetime=utc title=title>
            <span>{move || part(0)}</span> " " <span>{move || part(1)}</span>
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
    let of = |text: &str| text.split(' ').nth(1).unwrap_or_default().to_owned();
    let text = RwSignal::new(format!("{} UTC", of(&at)));
    Effect::new({
        let utc = utc.clone();
        move |_| text.set(of(&local(&utc, true)))
    });
    view! { <time class="time" datetime=utc title=format!("{at} UTC")>{move || text.get()}</time> }.into_any()
}

/// Which zone the times of a page are in.
#[component]
pub fn ZoneNote() -> impl IntoView {
    let (alive, set_alive) = signal(false);
    Effect::new(move |_| set_alive.set(true));
    move || if alive.get() { tr!(page.local_time) } else { tr!(page.utc) }
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
