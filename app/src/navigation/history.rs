//! The browser's history of pages.

use leptos::{prelude::*, wasm_bindgen::JsValue, web_sys::Url};

/// What a page becomes in the history.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// A new entry.
    New,
    /// In place of the page that is left.
    Same,
    /// It has one: somebody went back or forward to it.
    Known,
}

/// What an address carries for one answer alone: the error of a form, with what was typed.
const ONCE: [&str; 2] = ["__path", "__err"];

/// Whether the page that stands has nothing more to say once its form is done: the server says so of it.
fn is_spent() -> bool {
    document().body().is_some_and(|body| body.has_attribute("data-spent"))
}

/// The path of the page that stands.
pub fn here() -> String {
    window().location().pathname().unwrap_or_default()
}

/// Notes that the page at `url` is shown now. After a form (`sent`) pages that are spent leave the history.
pub fn note(url: &Url, entry: Entry, sent: bool) {
    let Ok(history) = window().history() else { return };
    for name in ONCE {
        url.search_params().delete(name);
    }
    let now = window().location().href().unwrap_or_default();
    let to = url.href();
    let _ = match entry {
        Entry::Known => return,
        Entry::New if to != now && !(sent && is_spent()) => history.push_state_with_url(&JsValue::NULL, "", Some(&to)),
        Entry::New | Entry::Same => history.replace_state_with_url(&JsValue::NULL, "", Some(&to)),
    };
}
