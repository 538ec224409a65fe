//! What somebody asked for when a step-up came between, or what was typed when the session had ended: kept in this page's
//! memory, never stored, without passwords and codes. It is done once the step-up leads back; after another sign-in of the
//! same person it stands in its form again, and is not sent. Without JavaScript people come back to the page, press the
//! button again, and type again.

use super::history;
use crate::step_up::ASKED;
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{
        Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, Url,
    },
};
use std::{cell::RefCell, time::Duration};

/// What a form asked for.
#[derive(Clone)]
struct Intention {
    /// The page that the form stood on.
    page: String,
    /// Who was signed in there: the address.
    whose: Option<String>,
    /// The address that the form posts to.
    action: String,
    /// The fields by name, without secrets.
    fields: Vec<(String, String)>,
    /// The button that was pressed, where it has a name and a value.
    button: Option<(String, String)>,
    /// Whether something secret was typed, which has to be typed again.
    has_secret: bool,
}

thread_local! {
    /// What was posted last.
    static LAST: RefCell<Option<Intention>> = const { RefCell::new(None) };
    /// What waits for the step-up.
    static WAITING: RefCell<Option<Intention>> = const { RefCell::new(None) };
    /// What waits for another sign-in.
    static DRAFT: RefCell<Option<Intention>> = const { RefCell::new(None) };
}

/// Remembers what a form is about to post.
pub fn remember(form: &HtmlFormElement, button: Option<&Element>, action: &str) {
    let mut intention = Intention {
        page: history::here(),
        whose: who(),
        action: action.to_owned(),
        fields: Vec::new(),
        button: None,
        has_secret: false,
    };
    for field in fields(form) {
        if is_secret(&field) {
            intention.has_secret |= value(&field).is_some_and(|value| !value.is_empty());
        } else if let Some(value) = value(&field) {
            intention.fields.push((name(&field), value));
        }
    }
    let named = button.map(|button| (name(button), button.get_attribute("value").unwrap_or_default()));
    intention.button = named.filter(|(name, _)| !name.is_empty());
    LAST.set(Some(intention));
}

/// Lets what was posted last wait where it led to a step-up, does it where that leads back, and forgets it elsewhere.
pub fn arrive(url: &Url) {
    let last = LAST.take();
    let Some(whose) = who() else {
        // Here somebody signs in. What is posted meanwhile is about that, and nobody's.
        if let Some(last) = last.filter(|last| last.whose.is_some()) {
            DRAFT.set(Some(last));
        }
        WAITING.set(None);
        return;
    };
    if let Some(draft) = DRAFT.take()
        && draft.whose == Some(whose)
        && draft.page == history::here()
        && let Some(form) = form_of(&draft)
    {
        set_timeout(move || put_back(&form, &draft), Duration::ZERO);
    }
    if document().body().is_some_and(|body| body.has_attribute("data-confirms")) {
        // Asked for on the confirm pages themselves: one of their own steps.
        let to = url.search_params().get("to").unwrap_or_default();
        let asks_for = |last: &Intention| {
            let endpoint = last.action.strip_prefix("/api/");
            endpoint.is_some_and(|endpoint| to.ends_with(&format!("{ASKED}={endpoint}")))
        };
        if let Some(last) = last.filter(asks_for) {
            WAITING.set(Some(last));
        }
        return;
    }
    let Some(intention) = WAITING.take() else { return };
    let asked = url.search_params().get(ASKED).map(|endpoint| format!("/api/{endpoint}"));
    if asked.is_some_and(|asked| asked == intention.action)
        && let Some(form) = form_of(&intention)
    {
        // Once the step-up's own form is done with.
        set_timeout(move || redo(&form, &intention), Duration::ZERO);
    }
}

/// The form that posts there, of several the one with the most of the same hidden values.
fn form_of(intention: &Intention) -> Option<HtmlFormElement> {
    let forms = document().query_selector_all("main form").ok()?;
    let forms = (0..forms.length()).filter_map(|at| forms.get(at)?.dyn_into::<HtmlFormElement>().ok());
    let forms = forms.filter(|form| form.get_attribute("action").as_ref() == Some(&intention.action));
    forms.max_by_key(|form| {
        let hidden = fields(form).into_iter().filter(|field| field.get_attribute("type").as_deref() == Some("hidden"));
        let pairs = hidden.filter_map(|field| Some((name(&field), value(&field)?)));
        pairs.filter(|pair| intention.fields.contains(pair)).count()
    })
}

/// Who is signed in on the page that stands, by the frame around it.
fn who() -> Option<String> {
    document().query_selector(".account-menu .who").ok().flatten()?.get_attribute("title")
}

/// Fills in what had been typed. Hidden fields are the page's own.
fn put_back(form: &HtmlFormElement, draft: &Intention) {
    fill_elsewhere(form, draft);
    for field in fields(form) {
        let own = field.get_attribute("type").as_deref() == Some("hidden") || is_secret(&field);
        let typed = draft.fields.iter().find(|(known, _)| *known == name(&field));
        if let Some((_, typed)) = typed.filter(|_| !own) {
            fill(&field, typed);
        }
    }
}

/// Fills the form in as it was, and posts it unless something secret has to be typed again.
fn redo(form: &HtmlFormElement, intention: &Intention) {
    let mut secret = None;
    for field in fields(form) {
        if is_secret(&field) {
            secret = secret.or(Some(field));
        } else if let Some((_, value)) = intention.fields.iter().find(|(known, _)| *known == name(&field)) {
            fill(&field, value);
        }
    }
    fill_elsewhere(form, intention);
    if intention.has_secret {
        if let Some(field) = secret.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.focus();
        }
        return;
    }
    let button = intention.button.as_ref().and_then(|(name, value)| {
        let buttons = form.query_selector_all("button[name]").ok()?;
        let mut buttons = (0..buttons.length()).filter_map(|at| buttons.get(at)?.dyn_into::<HtmlElement>().ok());
        let is = |button: &HtmlElement, attribute, wanted: &str| {
            button.get_attribute(attribute).unwrap_or_default() == wanted
        };
        buttons.find(|button| is(button, "name", name) && is(button, "value", value))
    });
    let form = form.clone();
    // Once the page has followed what was filled in.
    let press = move || match button {
        Some(button) => button.click(),
        None => {
            let _ = form.request_submit();
        }
    };
    set_timeout(press, Duration::ZERO);
}

/// Fills in what this form sends for fields that stand elsewhere on the page (`data-posted-as`), and does not hold before
/// they are changed.
fn fill_elsewhere(form: &HtmlFormElement, intention: &Intention) {
    let held: Vec<String> = fields(form).iter().map(name).collect();
    let Ok(found) = document().query_selector_all("[data-posted-as]") else { return };
    for at in 0..found.length() {
        let Some(field) = found.get(at).and_then(|field| field.dyn_into::<Element>().ok()) else { continue };
        let posted_as = field.get_attribute("data-posted-as").unwrap_or_default();
        let typed = intention.fields.iter().find(|(known, _)| *known == posted_as && !held.contains(known));
        let Some((_, typed)) = typed.filter(|(_, typed)| value(&field).as_ref() != Some(typed)) else { continue };
        // A hidden one belongs to a switch.
        let switch = field.parent_element().and_then(|parent| parent.query_selector("[role=switch]").ok().flatten());
        match switch.and_then(|switch| switch.dyn_into::<HtmlElement>().ok()) {
            Some(switch) => switch.click(),
            None => fill(&field, typed),
        }
    }
}

fn fields(form: &HtmlFormElement) -> Vec<Element> {
    let Ok(found) = form.query_selector_all("input[name], select[name], textarea[name]") else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

fn name(field: &Element) -> String {
    field.get_attribute("name").unwrap_or_default()
}

fn is_secret(field: &Element) -> bool {
    field.get_attribute("type").as_deref() == Some("password")
        || field.get_attribute("autocomplete").as_deref() == Some("one-time-code")
        || ["code", "recovery_code"].contains(&name(field).as_str())
}

/// What a field would post; nothing for a box that is not ticked.
fn value(field: &Element) -> Option<String> {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        let ticked = !["checkbox", "radio"].contains(&input.type_().as_str()) || input.checked();
        return ticked.then(|| input.value());
    }
    let select = field.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value);
    select.or_else(|| field.dyn_ref::<HtmlTextAreaElement>().map(HtmlTextAreaElement::value))
}

/// Sets a field as if it had been typed, so that the page follows.
fn fill(field: &Element, value: &str) {
    if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
        if ["checkbox", "radio"].contains(&input.type_().as_str()) {
            input.set_checked(input.value() == value);
        } else {
            input.set_value(value);
        }
    } else if let Some(select) = field.dyn_ref::<HtmlSelectElement>() {
        select.set_value(value);
    } else if let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() {
        area.set_value(value);
    }
    for event in ["input", "change"] {
        if let Ok(event) = Event::new(event) {
            let _ = field.dispatch_event(&event);
        }
    }
}
