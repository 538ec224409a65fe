//! A labelled input of several lines with its hint and its problem.

use crate::{
    delivery::message::escape,
    error::AppError,
    ui::form::{problem_of, typed_before},
};
use leptos::prelude::*;

/// A labelled input of several lines. After a failure it keeps what was typed and shows its problem beside it.
#[component]
pub fn TextArea(
    /// The name by which problems and typed values are found.
    name: &'static str,
    /// The name in the form.
    #[prop(into)]
    form_name: String,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// Its initial value.
    #[prop(into)]
    value: String,
    /// One line of help.
    #[prop(optional, into)]
    hint: Option<String>,
    /// How many lines it shows.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    let typed = typed_before(error, name);
    let problem = Memo::new(move |_| problem_of(error, name));
    let has_hint = hint.is_some();
    let described = move || {
        let problem = problem.with(Option::is_some).then(|| format!("{name}-problem"));
        let ids: Vec<_> = problem.into_iter().chain(has_hint.then(|| format!("{name}-hint"))).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <textarea
                id=name
                name=form_name
                rows=rows
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                aria-describedby=described
            >
                // Leptos writes what stands in this element as it is, so that it could end it and go on as markup.
                {escape(&typed.unwrap_or(value))}
            </textarea>
            {move || problem.get().map(|text| view! { <p class="field-problem" id=format!("{name}-problem")>{text}</p> })}
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
        </div>
    }
}
