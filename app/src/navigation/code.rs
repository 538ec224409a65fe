//! Takes a code as soon as it is whole.

use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Event, HtmlInputElement, InputEvent},
};
use std::time::Duration;

/// Sends the form at the sixth digit that is typed, and at a code that is pasted. What else could be chosen there, such
/// as trusting the device, comes first; and what a browser or a program has filled in stays for the button.
pub fn at_input(event: &Event) {
    let typed = event.dyn_ref::<InputEvent>();
    let is_typed = typed.and_then(InputEvent::data).is_some_and(|data| data.chars().count() == 1);
    if !is_typed && typed.map(InputEvent::input_type).as_deref() != Some("insertFromPaste") {
        return;
    }
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if input.get_attribute("autocomplete").as_deref() != Some("one-time-code") {
        return;
    }
    let is_whole = |input: &HtmlInputElement| {
        let digits: Vec<char> = input.value().chars().filter(|c| !c.is_whitespace()).collect();
        digits.len() == 6 && digits.iter().all(|c| c.is_numeric())
    };
    let Some(form) = input.form().filter(|_| is_whole(&input)) else { return };
    // Once the event is over, which counts as typing.
    set_timeout(
        move || {
            let to_wait_for = form.query_selector("input[type=checkbox]:not(:checked), .busy").ok().flatten();
            if to_wait_for.is_none() && is_whole(&input) {
                let _ = form.request_submit();
            }
        },
        Duration::ZERO,
    );
}
