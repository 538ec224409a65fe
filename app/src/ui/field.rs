//! A labelled input with its hint and its problem.

use crate::{
    error::AppError,
    island::island,
    ui::{
        form::{FORM_PROBLEM, problem_of, typed_before},
        password_tools::PasswordTools,
    },
};
use leptos::prelude::*;

/// A labelled input. After a failure it keeps what was typed and shows its problem beside it.
#[component]
pub fn Field(
    /// The name by which problems and typed values are found.
    name: &'static str,
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// The name in the form, where it differs.
    #[prop(optional, into)]
    form_name: Option<String>,
    /// The input's type.
    #[prop(default = "text")]
    kind: &'static str,
    /// Its initial value.
    #[prop(optional, into)]
    value: String,
    /// One line of help; an empty one counts as none.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What a password manager or phone may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Which keyboard a phone shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Whether the form starts here.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it may stay empty.
    #[prop(optional)]
    optional: bool,
    /// Whether a refusal of the form is about what stands in it.
    #[prop(optional)]
    answers: bool,
) -> impl IntoView {
    let typed = typed_before(error, name);
    let value = typed.unwrap_or(value);
    let problem = Memo::new(move |_| problem_of(error, name));
    let refused = Memo::new(move |_| answers && error.with(|error| matches!(error, Some(AppError::Refused { .. }))));
    let invalid = move || problem.with(Option::is_some) || refused.get();
    let failed_before = untrack(invalid);
    let any_failure = error.with_untracked(Option::is_some);
    let hint = hint.filter(|hint| !hint.is_empty());
    let has_hint = hint.is_some();
    let described = move || {
        let mut ids = Vec::new();
        if refused.get() {
            ids.push(FORM_PROBLEM.to_owned());
        }
        if problem.with(Option::is_some) {
            ids.push(format!("{name}-problem"));
        }
        if has_hint {
            ids.push(format!("{name}-hint"));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=form_name.unwrap_or_else(|| name.to_owned())
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                autocapitalize=(kind != "text").then_some("none")
                spellcheck="false"
                autofocus=failed_before || (autofocus && !any_failure)
                aria-required=(!optional).then_some("true")
                aria-invalid=move || invalid().then_some("true")
                aria-describedby=described
            />
            {move || problem.get().map(|text| view! { <p class="field-problem" id=format!("{name}-problem")>{text}</p> })}
            {hint.map(|hint| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> })}
        </div>
    }
}

/// The field for a new password, with how long it has to be and how long it is. For password managers it says whose
/// password it is.
#[component]
pub fn NewPasswordField(
    /// The visible label.
    #[prop(into)]
    label: String,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// The fewest characters.
    min: u32,
    /// The account's address, where the form does not ask for it.
    #[prop(optional, into)]
    account: Option<String>,
    /// The name in the form and of its problems.
    #[prop(default = "password")]
    name: &'static str,
    /// Whether the form starts here.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        {account.map(|account| view! { <input type="email" autocomplete="username" value=account readonly hidden /> })}
        <div class="new-password">
            <Field
                name
                label
                error
                kind="password"
                autocomplete="new-password"
                hint=tr!(set_up.password_hint, min = min)
                autofocus
            />
            {island(PasswordTools { of: name.to_owned() })}
        </div>
    }
}
