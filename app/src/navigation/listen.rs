//! Hears what people do with links, forms and fields.

use super::{
    code, fields, history,
    history::Entry,
    visit::{go, may_leave, search, stay, visit_by_form},
};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, HtmlAnchorElement, HtmlFormElement, MouseEvent, SubmitEvent, Url},
};
use std::{cell::RefCell, time::Duration};

/// How long somebody has to pause in typing before what is searched is asked for.
const PAUSE: Duration = Duration::from_millis(200);

thread_local! {
    /// The address of the page that stands, without the part after `#`.
    static PAGE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The search that waits for a pause.
    static SEARCH: RefCell<Option<TimeoutHandle>> = const { RefCell::new(None) };
}

/// Listens from now on.
pub fn start() {
    note_page();
    window_event_listener(ev::click, on_click);
    window_event_listener(ev::submit, on_submit);
    window_event_listener(ev::input, on_input);
    window_event_listener(ev::popstate, |_| {
        if PAGE.with_borrow(|page| *page == address()) {
            // A part of the page that stands, or this page again before the one that was gone to has come.
            stay();
        } else {
            // What was done was told when it was, and may not hold any more.
            if let Ok(url) = Url::new(&window().location().href().unwrap_or_default()) {
                url.search_params().delete("done");
                go(&url.href(), Entry::Known);
            }
        }
    });
    window_event_listener_untyped(super::visit::VISITED, |_| note_page());
}

fn address() -> String {
    format!("{}{}", history::here(), window().location().search().unwrap_or_default())
}

fn note_page() {
    PAGE.set(address());
}

fn element_of(event: &Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()
}

fn on_click(event: MouseEvent) {
    let by_itself =
        event.button() == 0 && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
    if event.default_prevented() || !by_itself {
        return;
    }
    let link = element_of(&event).and_then(|element| element.closest("a[href]").ok().flatten());
    let Some(link) = link.and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) else { return };
    let elsewhere = link.has_attribute("target") || link.has_attribute("download");
    let external = link.rel().split_whitespace().any(|word| word == "external");
    let own = window().location().origin().is_ok_and(|origin| origin == link.origin());
    let page = format!("{}{}", link.pathname(), link.search());
    let part = !link.hash().is_empty() && page == address();
    if elsewhere || external || !own || part {
        return;
    }
    event.prevent_default();
    if may_leave() {
        search_no_more();
        go(&link.href(), Entry::New);
    }
}

fn on_submit(event: SubmitEvent) {
    if event.default_prevented() {
        return;
    }
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let button = event.submitter().map(Element::from);
    search_no_more();
    if visit_by_form(&form, button.as_ref()) {
        event.prevent_default();
    }
}

/// Whoever goes on does not wait for what was typed before: it would come after that.
fn search_no_more() {
    if let Some(waiting) = SEARCH.take() {
        waiting.clear();
    }
}

fn on_input(event: Event) {
    let Some(field) = element_of(&event) else { return };
    fields::typed_into(&field);
    code::at_input(&event);
    let form = field.closest("form[data-live]").ok().flatten();
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
    search_no_more();
    SEARCH.set(set_timeout_with_handle(move || search(&form), PAUSE).ok());
}
