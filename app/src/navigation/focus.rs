//! Where the focus goes once a page has been taken over, so that keyboards and screen readers find themselves at what
//! is new.

use super::fields::typed_since;
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, FocusOptions, HtmlElement, HtmlInputElement},
};

/// To the first field with a problem, or to the message of what failed; whether there is one.
pub fn to_problem() -> bool {
    let Some(element) = first(&["main [aria-invalid=true]", "main [role=alert]"]) else { return false };
    if typed_since() {
        return true;
    }
    focus(&element, true);
    // Typing again takes the place of what was wrong.
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    }
    true
}

/// To where the next page begins: its first field if it names one, or else its heading.
pub fn to_beginning() {
    if let Some(element) = first(&["main [autofocus]", "main h1", "main"]) {
        focus(&element, false);
    }
}

/// To what the page says about what was done, where the element that had the focus is gone; into view in any case.
pub fn to_outcome() {
    if let Some(outcome) = first(&["main .notice.done"])
        && outcome.get_bounding_client_rect().bottom() < 0.0
    {
        outcome.scroll_into_view();
    }
    if document().active_element().is_none_or(|element| element.tag_name() == "BODY")
        && let Some(element) = first(&["main .notice.done", "main h1", "main"])
    {
        focus(&element, false);
    }
}

fn first(selectors: &[&str]) -> Option<Element> {
    selectors.iter().find_map(|selector| document().query_selector(selector).ok().flatten())
}

fn focus(element: &Element, scrolls: bool) {
    let Some(element) = element.dyn_ref::<HtmlElement>() else { return };
    if element.tab_index() < 0 && !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let options = FocusOptions::new();
    options.set_prevent_scroll(!scrolls);
    let _ = element.focus_with_options(&options);
}
