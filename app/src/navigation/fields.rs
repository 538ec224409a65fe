//! Fields whose contents are not to be lost.

use js_sys::Set;
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlFormElement, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement},
};

/// What holds text or a choice of a person.
const FIELDS: &str = "input:not([type=hidden]), select, textarea";

thread_local! {
    /// The fields that somebody has typed into since the last form was sent.
    static TYPED: Set = Set::new(&JsValue::UNDEFINED);
}

/// Notes that somebody has typed into a field.
pub fn typed_into(field: &Element) {
    TYPED.with(|typed| typed.add(field));
}

/// Notes that a form is sent, or its page left: what it says is not typed since then.
pub fn sending() {
    TYPED.with(Set::clear);
}

/// Whether somebody has typed since the last form was sent: a late answer then moves no focus.
pub fn typed_since() -> bool {
    TYPED.with(|typed| typed.size() > 0)
}

/// The fields that keep what stands in them when a page is taken over.
#[derive(Clone)]
pub struct Kept(Set);

impl Kept {
    /// None: another page comes.
    pub fn none() -> Self {
        Self(Set::new(&JsValue::UNDEFINED))
    }

    /// Those that were changed, apart from those of a form that was `taken`; of it, what was typed since it was sent.
    /// Passwords by which somebody signs in are typed anew each time, and a code once another form was sent: that of a new one.
    pub fn changed(taken: Option<&HtmlFormElement>, sent: Option<&HtmlFormElement>) -> Self {
        let kept = Self::none();
        let Ok(found) = document().query_selector_all(FIELDS) else { return kept };
        for at in 0..found.length() {
            let Some(field) = found.get(at).and_then(|field| field.dyn_into::<Element>().ok()) else { continue };
            let is_typed_anew = |form: &HtmlFormElement| match field.get_attribute("autocomplete").as_deref() {
                Some("current-password") => true,
                Some("one-time-code") => !form.contains(Some(&field)),
                _ => false,
            };
            let is_over = taken.is_some_and(|form| form.contains(Some(&field))) || sent.is_some_and(is_typed_anew);
            if TYPED.with(|typed| typed.has(&field)) || !is_over && is_changed(&field) {
                kept.0.add(&field);
            }
        }
        kept
    }

    /// The secrets that were typed stay too: the server has not brought them back.
    pub fn with_secrets(self) -> Self {
        let Ok(found) = document().query_selector_all("input[type=password]") else { return self };
        for at in 0..found.length() {
            if let Some(field) = found.get(at).and_then(|field| field.dyn_into::<Element>().ok())
                && is_changed(&field)
            {
                self.0.add(&field);
            }
        }
        self
    }

    /// Whether this attribute of the element holds what has to stay.
    pub fn keeps(&self, attribute: &str, element: &Element) -> bool {
        match attribute {
            "value" | "checked" => self.0.has(element),
            "selected" => element.closest("select").ok().flatten().is_some_and(|select| self.0.has(&select)),
            _ => false,
        }
    }
}

fn is_changed(field: &Element) -> bool {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        return if ["checkbox", "radio"].contains(&input.type_().as_str()) {
            input.checked() != input.default_checked()
        } else {
            input.value() != input.default_value()
        };
    }
    if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        return area.default_value().is_ok_and(|value| value != area.value());
    }
    let Some(select) = field.dyn_ref::<HtmlSelectElement>() else { return false };
    let Ok(options) = select.query_selector_all("option") else { return false };
    let options: Vec<HtmlOptionElement> =
        (0..options.length()).filter_map(|at| options.get(at)?.dyn_into().ok()).collect();
    // Where none is chosen by the page, the browser chooses the first.
    let by_page = options.iter().position(HtmlOptionElement::default_selected).unwrap_or(0);
    options.iter().position(HtmlOptionElement::selected) != Some(by_page)
}
