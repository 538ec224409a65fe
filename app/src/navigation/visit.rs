//! Asks for a page, and takes it over.

use super::{
    fields::{self, Kept},
    focus,
    history::{self, Entry},
    intention, islands, morph, times,
};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{
        Document, DomParser, Element, Event, EventInit, FormData, HtmlElement, HtmlFormElement, HtmlTemplateElement,
        Request, RequestInit, Response, SupportedType, Url, UrlSearchParams,
    },
};
use std::cell::{Cell, RefCell};
use wasm_bindgen_futures::JsFuture;

thread_local! {
    /// Counts the visits: the answer to an older one comes too late.
    static NUMBER: Cell<u32> = const { Cell::new(0) };
    /// The form whose answer is awaited.
    static AWAITED: RefCell<Option<HtmlFormElement>> = const { RefCell::new(None) };
}

/// How a page is taken over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Somebody goes there.
    Going,
    /// A form was posted.
    Sent,
    /// The same page again, while somebody uses it: focus and place stay.
    Again,
}

/// The page that came.
struct Answer {
    url: Url,
    html: String,
}

/// Goes to an address.
pub fn go(address: &str, entry: Entry) {
    let Ok(request) = Request::new_with_str(address) else { return };
    spawn_local(visit(request, address.to_owned(), entry, Manner::Going, None));
}

/// Gives up going elsewhere. What is posted is waited for all the same.
pub fn stay() {
    if AWAITED.with_borrow(Option::is_none) {
        NUMBER.set(NUMBER.get().wrapping_add(1));
        set_waiting(false);
    }
}

/// Loads the page that stands once more, for what has changed on it.
pub fn load_again() {
    let address = window().location().href().unwrap_or_default();
    again(&address);
}

/// Follows a form of the page that stands while somebody types: one that searches it, or one that is posted by its button
/// for that, which stores what was typed and shows what comes of it.
pub fn search(form: &HtmlFormElement) {
    let action = form.get_attribute("action").unwrap_or_default();
    let button = form.query_selector("button[data-live]").ok().flatten();
    if let Some(button) = button {
        let waits = AWAITED.with_borrow(Option::is_some);
        let request = fields_of(form, Some(&button)).and_then(|body| posting(&action, &body));
        if let Some(request) = request.filter(|_| !waits) {
            spawn_local(visit(request, action, Entry::Same, Manner::Again, None));
        }
    } else if let Some(address) = address_of(form, &action, None) {
        again(&address);
    }
}

fn again(address: &str) {
    if AWAITED.with_borrow(Option::is_some) {
        return;
    }
    let Ok(request) = Request::new_with_str(address) else { return };
    spawn_local(visit(request, address.to_owned(), Entry::Same, Manner::Again, None));
}

/// Sends a form, pressed by `button`; whether that is done here. A form that is being sent already is not sent twice.
pub fn visit_by_form(form: &HtmlFormElement, button: Option<&Element>) -> bool {
    let of_button = |name: &str| button.and_then(|button| button.get_attribute(name));
    // By its attributes: the properties of a form with fields named `method` or `action` are those fields.
    let of_form = |name: &str| form.get_attribute(name).unwrap_or_default();
    let method = of_button("formmethod").unwrap_or_else(|| of_form("method"));
    let action = of_button("formaction").unwrap_or_else(|| of_form("action"));
    if of_button("target").or_else(|| form.get_attribute("target")).is_some() {
        return false;
    }
    if !method.eq_ignore_ascii_case("post") {
        let Some(address) = address_of(form, &action, button) else { return false };
        // What only draws the page that stands differently is no page of its own.
        let entry = if of_button("formmethod").is_some() { Entry::Same } else { Entry::New };
        let Ok(request) = Request::new_with_str(&address) else { return false };
        fields::sending();
        spawn_local(visit(request, address, entry, Manner::Going, Some(form.clone())));
        return true;
    }
    if AWAITED.with_borrow(Option::is_some) {
        return true;
    }
    let Some(body) = fields_of(form, button) else { return false };
    let Some(request) = posting(&action, &body) else { return false };
    fields::sending();
    intention::remember(form, button, &action);
    AWAITED.set(Some(form.clone()));
    let button =
        button.cloned().or_else(|| form.query_selector("button[type=submit], button:not([type])").ok().flatten());
    set_busy(button.as_ref(), true);
    let form = form.clone();
    spawn_local(async move {
        visit(request, action, Entry::New, Manner::Sent, Some(form)).await;
        AWAITED.take();
        set_busy(button.as_ref(), false);
    });
    true
}

/// Asks for a page, and not for what scripts are answered.
fn posting(action: &str, body: &UrlSearchParams) -> Option<Request> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(body);
    let request = Request::new_with_str_and_init(action, &init).ok()?;
    request.headers().set("Accept", "text/html").ok()?;
    Some(request)
}

/// Says at the button that the server works on it.
fn set_busy(button: Option<&Element>, busy: bool) {
    let Some(button) = button else { return };
    let _ = if busy {
        let _ = button.class_list().add_1("busy");
        button.set_attribute("aria-disabled", "true")
    } else {
        let _ = button.class_list().remove_1("busy");
        button.remove_attribute("aria-disabled")
    };
}

fn fields_of(form: &HtmlFormElement, button: Option<&Element>) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some((name, button)) = button.and_then(|button| Some((button.get_attribute("name")?, button))) {
        fields.append(&name, &button.get_attribute("value").unwrap_or_default());
    }
    Some(fields)
}

fn address_of(form: &HtmlFormElement, action: &str, button: Option<&Element>) -> Option<String> {
    let fields = fields_of(form, button)?.to_string().as_string()?;
    let page = action.split(['?', '#']).next().unwrap_or_default();
    Some(format!("{page}?{fields}"))
}

/// Shows what a request is answered with.
async fn visit(request: Request, address: String, entry: Entry, manner: Manner, sent: Option<HtmlFormElement>) {
    let number = NUMBER.get().wrapping_add(1);
    NUMBER.set(number);
    set_waiting(true);
    let answer = ask(&request).await;
    if NUMBER.get() != number {
        return;
    }
    set_waiting(false);
    match (answer, sent, manner) {
        (Some(answer), sent, _) => show(&answer, entry, manner, sent.as_ref()),
        (None, Some(form), Manner::Sent) => tell_no_answer(&form),
        // No page, or none that can be reached: the browser downloads it, or says so.
        (None, _, Manner::Going) => {
            let _ = window().location().assign(&address);
        }
        (None, ..) => {}
    }
}

async fn ask(request: &Request) -> Option<Answer> {
    let response = JsFuture::from(window().fetch_with_request(request)).await.ok()?;
    let response: Response = response.dyn_into().ok()?;
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !kind.starts_with("text/html") {
        return None;
    }
    let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    let url = Url::new(&response.url()).ok()?;
    // Answers do not say which part of the page was asked for.
    if let Ok(asked) = Url::new(&request.url())
        && asked.pathname() == url.pathname()
    {
        url.set_hash(&asked.hash());
    }
    Some(Answer { url, html })
}

fn show(answer: &Answer, entry: Entry, manner: Manner, sent: Option<&HtmlFormElement>) {
    let Answer { url, html } = answer;
    let Some(page) = DomParser::new().ok().and_then(|it| it.parse_from_string(html, SupportedType::TextHtml).ok())
    else {
        return;
    };
    if sheets_of(&page) != sheets_of(&document()) {
        // The server is of another version than the script that runs here, or the brand has another colour.
        let _ = window().location().assign(&url.href());
        return;
    }
    times::localise(&page);
    let same = url.pathname() == history::here();
    // What was refused, or only tried, is still to be sent: nothing of it is to be typed again.
    let asked = |name: &str| url.search_params().get(name);
    let open = asked("__err").is_some() || asked("done").as_deref() == Some("test_sent");
    let filled = asked("done").as_deref() == Some("preset");
    let kept = if same {
        let kept = Kept::changed(sent.filter(|_| !open), sent);
        if filled { kept.with_secrets() } else { kept }
    } else {
        fields::sending();
        Kept::none()
    };
    history::note(url, entry, manner == Manner::Sent);
    morph::morph(&page, &kept);
    islands::hydrate();
    place(url, entry, manner, same);
    intention::arrive(url);
    if let Ok(event) = Event::new(VISITED) {
        let _ = window().dispatch_event(&event);
    }
}

/// The event that the window hears after each page that was taken over.
pub const VISITED: &str = "countersign:visited";

/// The event that the window hears before a link leads elsewhere; whoever prevents its default stays.
pub const LEAVING: &str = "countersign:leaving";

/// Whether a link may lead elsewhere.
pub fn may_leave() -> bool {
    let can_be_prevented = EventInit::new();
    can_be_prevented.set_cancelable(true);
    let event = Event::new_with_event_init_dict(LEAVING, &can_be_prevented);
    event.and_then(|event| window().dispatch_event(&event)).unwrap_or(true)
}

/// Focus and place on the page.
fn place(url: &Url, entry: Entry, manner: Manner, same: bool) {
    if manner == Manner::Again {
        return;
    }
    let hash = url.hash();
    let target = hash.strip_prefix('#').and_then(|id| document().get_element_by_id(id));
    if let Some(target) = target {
        target.scroll_into_view();
    } else if entry != Entry::Known && !(same && manner == Manner::Sent) {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
    if manner == Manner::Sent && focus::to_problem() {
        return;
    }
    if same { focus::to_outcome() } else { focus::to_beginning() }
}

/// The style sheets of a page, which are named by their contents: ours, and the brand's where it has one.
fn sheets_of(page: &Document) -> Vec<Option<String>> {
    let Ok(links) = page.query_selector_all("link[rel=stylesheet]") else { return Vec::new() };
    let href = |at| links.get(at)?.dyn_into::<Element>().ok()?.get_attribute("href");
    (0..links.length()).map(href).collect()
}

/// Says at the form that nothing came back that could be read.
fn tell_no_answer(form: &HtmlFormElement) {
    if let Ok(Some(old)) = form.query_selector(":scope > .no-answer") {
        old.remove();
    }
    let template = document().get_element_by_id("no-answer").and_then(|it| it.dyn_into::<HtmlTemplateElement>().ok());
    let Some(notice) = template.and_then(|it| it.content().first_element_child()) else { return };
    if let Ok(notice) = notice.clone_node_with_deep(true)
        && form.insert_before(&notice, form.first_child().as_ref()).is_ok()
        && let Some(notice) = notice.dyn_ref::<HtmlElement>()
    {
        let _ = notice.focus();
    }
}

/// Lets the style sheet show that a page is awaited.
fn set_waiting(waiting: bool) {
    let Some(html) = document().document_element() else { return };
    let _ = if waiting { html.set_attribute("data-waiting", "") } else { html.remove_attribute("data-waiting") };
}
