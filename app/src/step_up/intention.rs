//! What somebody asked for when a step-up came between: kept in this page's memory, never stored, without passwords and
//! codes, and done once the step-up leads back. It runs in browsers only; the server compiles it and never calls it.
//! Without JavaScript people come back to the page and press the button again.

use super::routes::{ASKED, asked_link};
use crate::error::AppError;
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement},
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::{cell::RefCell, time::Duration};

/// How often, and at most how many times, the form is looked for on the page that one comes back to.
const LOOK_EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 50;

/// What a form asked for.
#[derive(Clone)]
struct Intention {
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
}

/// Remembers what is posted, and does what waited for a step-up on the page that this leads back to.
#[component]
pub fn Intentions() -> impl IntoView {
    let location = use_location();
    Effect::new(move |watching: Option<()>| {
        // A page without JavaScript before has nothing to come back to.
        if watching.is_none() {
            window_event_listener(ev::submit, |event| remember(&event));
        }
        let asked = location.query.with(|query| query.get(ASKED));
        if let Some(endpoint) = asked {
            resume(&format!("/api/{endpoint}"));
        }
    });
}

/// Leads to the step-up wherever an action fails for want of it, and lets what was posted last wait for it. The client of
/// server functions follows no redirect of a failure.
pub fn lead_to_step_up(failure: Signal<Option<AppError>>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        if !failure.with(|error| matches!(error, Some(AppError::StepUpNeeded { .. }))) {
            return;
        }
        let Some(last) = LAST.take() else { return };
        let page = location();
        let page = format!("{}{}", page.pathname().unwrap_or_default(), page.search().unwrap_or_default());
        let endpoint = last.action.strip_prefix("/api/");
        if let Some(link) = endpoint.and_then(|endpoint| asked_link(&page, endpoint)) {
            WAITING.set(Some(last));
            navigate(&link, NavigateOptions::default());
        }
    });
}

/// Gives up what waits.
pub fn give_up() {
    WAITING.take();
}

fn remember(event: &Event) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let Some(action) = form.get_attribute("action") else { return };
    let mut intention = Intention { action, fields: Vec::new(), button: None, has_secret: false };
    for field in fields(&form) {
        if is_secret(&field) {
            intention.has_secret |= value(&field).is_some_and(|value| !value.is_empty());
        } else if let Some(value) = value(&field) {
            intention.fields.push((name(&field), value));
        }
    }
    let pressed = event.dyn_ref::<leptos::web_sys::SubmitEvent>().and_then(|event| event.submitter());
    let named = pressed.map(|button| (name(&button), button.get_attribute("value").unwrap_or_default()));
    intention.button = named.filter(|(name, _)| !name.is_empty());
    LAST.set(Some(intention));
}

/// Looks for the form of what waits until it is there.
fn resume(action: &str) {
    let Some(intention) = WAITING.take().filter(|waiting| waiting.action == action) else { return };
    look(intention, LOOKS);
}

fn look(intention: Intention, looks: u32) {
    if let Some(form) = form_of(&intention) {
        redo(&form, &intention);
    } else if looks > 0 {
        set_timeout(move || look(intention, looks - 1), LOOK_EVERY);
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
    match button {
        Some(button) => button.click(),
        None => {
            let _ = form.request_submit();
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
