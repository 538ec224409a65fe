//! A labelled list to choose one value from.

use crate::{
    error::AppError,
    ui::{form::typed_before, messages},
};
use leptos::prelude::*;

/// A labelled select that keeps the choice after a failure.
#[component]
pub fn Choice(
    /// The name by which the typed value is found.
    name: &'static str,
    /// The name in the form.
    form_name: &'static str,
    /// The visible label.
    label: String,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// The value that is chosen at first.
    chosen: String,
    /// The values with their labels.
    choices: Vec<(&'static str, String)>,
    /// One line of help.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let typed = typed_before(error, name);
    let chosen = typed.unwrap_or(chosen);
    let hint_id = format!("{name}-hint");
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select id=name name=form_name aria-describedby=described>
                {choices
                    .into_iter()
                    .map(|(value, text)| view! { <option value=value selected=value == chosen>{text}</option> })
                    .collect_view()}
            </select>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// A select of a list's filter; its first choice leaves it out.
#[component]
pub fn FilterChoice(
    /// The name in the address.
    name: &'static str,
    /// The visible label.
    label: String,
    /// What the first choice is called.
    all: String,
    /// The value that is chosen.
    chosen: String,
    /// What is wrong with the filter.
    error: Signal<Option<AppError>>,
    /// The values with their labels.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let problem = error.with_untracked(|error| error.as_ref().and_then(|e| e.problem_of(name)).map(messages::problem));
    let problem_id = format!("{name}-problem");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                id=name
                name=name
                aria-invalid=problem.is_some().then_some("true")
                aria-describedby=problem.is_some().then(|| problem_id.clone())
            >
                <option value="">{all}</option>
                {options
                    .into_iter()
                    .map(|(value, text)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
            {problem.map(|text| view! { <p class="field-problem" id=problem_id>{text}</p> })}
        </div>
    }
}
