//! What forms share: the failure of an action, its message, and buttons.

use crate::{
    error::{AppError, Refusal},
    step_up::intention::lead_to_step_up,
    ui::{action::FormAction, messages, page::WayOn},
};
use leptos::{
    ev::{self, MouseEvent},
    prelude::*,
    server_fn::ServerFn,
};
use std::sync::atomic::{AtomicBool, Ordering};

/// The element that holds the message of a failed form.
pub const FORM_PROBLEM: &str = "form-problem";

/// The last failure of an action, also of one that was posted without JavaScript. Where it is a step-up that is
/// missing, people are led there.
pub fn failure<F: ServerFn<Error = AppError>>(action: FormAction<F>) -> Signal<Option<AppError>> {
    let failure = action.failure();
    lead_to_step_up(failure);
    failure
}

/// What was typed into the named field before the form failed.
pub fn typed_before(error: Signal<Option<AppError>>, name: &str) -> Option<String> {
    error.with_untracked(|error| error.as_ref().and_then(|error| error.typed(name).cloned()))
}

/// The message for the problem of the named field.
pub fn problem_of(error: Signal<Option<AppError>>, name: &str) -> Option<String> {
    error.with(|error| error.as_ref().and_then(|error| error.problem_of(name)).map(messages::problem))
}

/// Counts when an action succeeds, so that the parts of a page that depend on it load again.
pub fn count_changes<F: ServerFn<Error = AppError> + 'static>(changes: RwSignal<u32>, action: FormAction<F>) {
    Effect::new(move |_| {
        if action.is_done() {
            changes.update(|count| *count += 1);
        }
    });
}

/// Forgets the answer of one action as soon as the other is sent, so that a page shows the last answer only.
pub fn forget<Old, New>(old: FormAction<Old>, when_sent: FormAction<New>)
where
    Old: ServerFn<Error = AppError> + 'static,
    New: ServerFn<Error = AppError>,
{
    let sent = when_sent.pending();
    Effect::new(move |_| {
        if sent.get() {
            old.clear();
        }
    });
}

/// Whether somebody has typed since the last form was sent.
static TYPED: AtomicBool = AtomicBool::new(false);

/// Watches whether somebody types, for [`typed_since`].
pub fn watch_typing() {
    Effect::new(|_| {
        let typing = window_event_listener(ev::input, |_| TYPED.store(true, Ordering::Relaxed));
        let sending = window_event_listener(ev::submit, |_| TYPED.store(false, Ordering::Relaxed));
        on_cleanup(move || {
            typing.remove();
            sending.remove();
        });
    });
}

/// Whether somebody has typed since the last form was sent: a late answer then moves no focus and changes no field.
pub fn typed_since() -> bool {
    TYPED.load(Ordering::Relaxed)
}

/// The message of a failed form. It gets the focus, unless the problem is at a field, which then gets it.
#[component]
pub fn FormProblem(
    /// The failure to show.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    Effect::new(move |_| {
        if error.with(Option::is_some) {
            request_animation_frame(focus_problem);
        }
    });
    move || error.get().map(|error| view! { <ProblemNotice error id=FORM_PROBLEM /> })
}

/// Says what went wrong; administrators also read the mail server's answer.
#[component]
pub fn ProblemNotice(
    /// What went wrong.
    error: AppError,
    /// The name by which a field says that it is meant.
    #[prop(optional)]
    id: Option<&'static str>,
) -> impl IntoView {
    let answer = server_answer(&error);
    view! {
        <div id=id class="notice problem" role="alert" tabindex="-1">
            <p>{messages::error(&error)}</p>
            {answer.map(|answer| view! { <p class="answer">{tr!(delivery_admin.answer)} " " <code>{answer}</code></p> })}
            <WayOn error />
        </div>
    }
}

fn server_answer(error: &AppError) -> Option<String> {
    match error {
        AppError::Refused { reason: Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure), .. } => {
            failure.answer.clone()
        }
        _ => None,
    }
}

/// Moves the focus to the first field with a problem, or to the message.
fn focus_problem() {
    use leptos::wasm_bindgen::JsCast;
    if typed_since() {
        return;
    }
    let document = document();
    let found = ["main [aria-invalid=true]", "main [role=alert]"]
        .into_iter()
        .find_map(|selector| document.query_selector(selector).ok().flatten());
    let Some(element) = found.and_then(|element| element.dyn_into::<leptos::web_sys::HtmlElement>().ok()) else {
        return;
    };
    let _ = element.focus();
    // Typing again takes the place of what was wrong.
    if let Some(input) = element.dyn_ref::<leptos::web_sys::HtmlInputElement>() {
        input.select();
    }
}

/// The answer to a finished action that led to this page, as long as nothing failed since.
#[component]
pub fn DoneNotice(
    /// The failures that this page shows.
    #[prop(optional, into)]
    failures: Vec<Signal<Option<AppError>>>,
) -> impl IntoView {
    let query = leptos_router::hooks::use_query_map();
    move || {
        let failed = failures.iter().any(|failure| failure.with(Option::is_some));
        query
            .with(|query| query.get("done").filter(|_| !failed).and_then(|done| messages::done(&done)))
            .map(|text| view! { <p class="notice done" role="status">{text}</p> })
    }
}

/// Keeps a second click from sending a form again while the server works on it.
pub fn ignore_while_pending(pending: Signal<bool>) -> impl Fn(MouseEvent) {
    move |event| {
        if pending.get_untracked() {
            event.prevent_default();
        }
    }
}

/// The main button of a form; says so while the server works.
#[component]
pub fn SubmitButton(
    /// Whether the server is working on this form.
    #[prop(into)]
    pending: Signal<bool>,
    /// The button's name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <button
            type="submit"
            class="primary"
            class:busy=move || pending.get()
            aria-disabled=move || pending.get().then_some("true")
            on:click=ignore_while_pending(pending)
        >
            {label}
        </button>
    }
}
