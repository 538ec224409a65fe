//! Points in time on the clock of the browser, in place of UTC.

use leptos::{
    wasm_bindgen::JsCast,
    web_sys::{Document, Element},
};

/// Writes all times of a page on the clock of the browser; under the pointer they stay in UTC.
pub fn localise(page: &Document) {
    let Ok(times) = page.query_selector_all("time[datetime]") else { return };
    for at in 0..times.length() {
        let Some(time) = times.get(at).and_then(|time| time.dyn_into::<Element>().ok()) else { continue };
        let utc = time.get_attribute("datetime").unwrap_or_default();
        let date = js_sys::Date::new(&utc.as_str().into());
        let day = format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date());
        let mut hour = format!("{:02}:{:02}", date.get_hours(), date.get_minutes());
        if utc.len() > "2026-01-31T08:05Z".len() {
            hour = format!("{hour}:{:02}", date.get_seconds());
        }
        // Date and time of the day each have a part, or there is the time alone.
        let parts = time.children();
        match (parts.item(0), parts.item(1)) {
            (Some(first), Some(second)) => {
                first.set_text_content(Some(&day));
                second.set_text_content(Some(&hour));
            }
            _ => time.set_text_content(Some(&hour)),
        }
    }
}
