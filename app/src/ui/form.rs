//! What forms share: the failure of an action, its message, and buttons.

use crate::{
    error::{AppError, Refusal},
    ui::{action::FormAction, messages, page::WayOn},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The element that holds the message of a failed form.
pub const FORM_PROBLEM: &str = "form-problem";

/// The failure of the form that led to this page.
pub fn failure<F: ServerFn<Error = AppError>>(action: FormAction<F>) -> Signal<Option<AppError>> {
    action.failure()
}

/// What was typed into the named field before the form failed.
pub fn typed_before(error: Signal<Option<AppError>>, name: &str) -> Option<String> {
    error.with_untracked(|error| error.as_ref().and_then(|error| error.typed(name).cloned()))
}

/// The message for the problem of the named field.
pub fn problem_of(error: Signal<Option<AppError>>, name: &str) -> Option<String> {
    error.with(|error| error.as_ref().and_then(|error| error.problem_of(name)).map(messages::problem))
}

/// The message of a failed form. In the browser it gets the focus, unless the problem is at a field, which then gets it.
#[component]
pub fn FormProblem(
    /// The failure to show.
    #[prop(into)]
    error: Signal<Option<AppError>>,
) -> impl IntoView {
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

/// The main button of a form. While the server works on it, the browser says so and takes no second click.
#[component]
pub fn SubmitButton(
    /// The button's name.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! { <button type="submit" class="primary">{label}</button> }
}
