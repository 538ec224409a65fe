//! Points in time on the clock of the browser, in place of UTC.

use crate::language::types::Language;
use js_sys::{Array, Date, Function, Intl::DateTimeFormat, Object, Reflect};
use leptos::{
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Document, Element},
};

/// Writes times by one of the styles of a language.
struct Form(Function);

impl Form {
    fn of(language: Language, style: &str, length: &str) -> Self {
        let options = Object::new();
        // With the digits that the server writes.
        for (name, value) in [(style, length), ("numberingSystem", "latn")] {
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        Self(DateTimeFormat::new(&Array::of1(&language.as_str().into()), &options).format())
    }

    /// Nothing for what is no time.
    fn write(&self, time: &Date) -> Option<String> {
        let time: &JsValue = time;
        self.0.call1(&JsValue::UNDEFINED, time).ok()?.as_string()
    }
}

/// Writes all times of a page on the clock of the browser, as the page's language does; under the pointer they stay in
/// UTC, and so do those that are asked for by days of UTC.
pub fn localise(page: &Document) {
    let Ok(times) = page.query_selector_all("time[datetime]:not(.utc)") else { return };
    if times.length() == 0 {
        return;
    }
    let language = page.document_element().and_then(|html| html.get_attribute("lang")?.parse().ok());
    let language: Language = language.unwrap_or_default();
    let day = Form::of(language, "dateStyle", "medium");
    let [minute, second] = ["short", "medium"].map(|length| Form::of(language, "timeStyle", length));
    for at in 0..times.length() {
        let Some(time) = times.get(at).and_then(|time| time.dyn_into::<Element>().ok()) else { continue };
        let utc = time.get_attribute("datetime").unwrap_or_default();
        let date = Date::new(&utc.as_str().into());
        let to_the_second = utc.len() > "2026-01-31T08:05Z".len();
        let Some(hour) = if to_the_second { &second } else { &minute }.write(&date) else { continue };
        // Date and time of the day each have a part, or there is the time alone.
        let parts = time.children();
        match (parts.item(0), parts.item(1)) {
            (Some(first), Some(last)) => {
                first.set_text_content(day.write(&date).as_deref());
                last.set_text_content(Some(&hour));
            }
            _ => time.set_text_content(Some(&hour)),
        }
    }
}
