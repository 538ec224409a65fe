//! A labelled list to choose one value from.

use crate::{
    error::AppError,
    ui::form::{problem_of, typed_before},
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

/// A select of values that are known only when the page is loaded, with what is wrong about it.
#[component]
pub fn Select(
    /// The name in the form.
    name: &'static str,
    /// The visible label.
    label: String,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// What the first choice is called that stands for none or all, where there is one.
    #[prop(optional, into)]
    none: Option<String>,
    /// The value that is chosen at first.
    chosen: String,
    /// The values with their labels.
    options: Vec<(String, String)>,
) -> impl IntoView {
    let chosen = typed_before(error, name).unwrap_or(chosen);
    let problem = move || problem_of(error, name);
    let problem_id = format!("{name}-problem");
    let described = problem_id.clone();
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <select
                id=name
                name=name
                aria-invalid=move || problem().map(|_| "true")
                aria-describedby=move || problem().map(|_| described.clone())
            >
                {none.map(|none| view! { <option value="">{none}</option> })}
                {options
                    .into_iter()
                    .map(|(value, text)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{text}</option> }
                    })
                    .collect_view()}
            </select>
            {move || problem().map(|text| view! { <p class="field-problem" id=problem_id.clone()>{text}</p> })}
        </div>
    }
}
