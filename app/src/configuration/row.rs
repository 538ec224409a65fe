//! A row of the configuration page: what the setting does, the form that changes it, and who did last.

use super::{
    api::SaveSetting,
    changes::posted_as,
    labels,
    routes::CONFIGURATION_PATH,
    switch::Switch,
    types::{Setting, SettingValue, Unit},
};
use crate::{
    error::AppError,
    island::island,
    policy::types::Readiness,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, problem_of, typed_before},
        messages::obstacle,
        query,
        time::Time,
    },
    users::routes::USERS_PATH,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// One setting.
#[component]
pub fn SettingRow(
    /// The setting as it is stored.
    value: SettingValue,
    /// Stores a value.
    save: FormAction<SaveSetting>,
    /// What was wrong with what was sent.
    failed: Signal<Option<AppError>>,
    /// What the page is searched for.
    search: String,
    /// Whether it is not what is searched for. It is not left out then: what was typed into it stays.
    hidden: bool,
    /// How ready the administrators are, for the requirement only.
    readiness: Option<Readiness>,
) -> impl IntoView {
    let SettingValue { setting, value, changed, .. } = value;
    let key = setting.key();
    let error = Signal::derive(move || failed.get().filter(|error| error.typed("key").is_some_and(|k| k == key)));
    let saved =
        query("saved").is_some_and(|saved| saved.split(',').any(|saved| saved == key)) && failed.with(Option::is_none);
    let changed = match changed {
        Some(change) => view! {
            <Time at=change.at />
            " "
            <span class="hint">{tr!(configuration.changed_by, who = change.by)}</span>
        }
        .into_any(),
        None => view! { <span class="hint">{tr!(configuration.never_changed)}</span> }.into_any(),
    };
    view! {
        <tr id=key hidden=hidden>
            <td>
                <h3 id=format!("{key}-title")>{labels::title(setting)}</h3>
                <p class="hint">{labels::description(setting)}</p>
                {readiness.map(|readiness| view! { <ReadinessNote readiness off=value == 0 /> })}
            </td>
            <td data-label=tr!(configuration.value)>
                <ActionForm action=save attr:novalidate="">
                    <FormProblem error />
                    <input type="hidden" name="key" value=key />
                    <input type="hidden" name="q" value=search />
                    {if setting.unit() == Unit::Toggle {
                        view! { <Toggle setting stored=value != 0 error /> }.into_any()
                    } else {
                        view! { <Amount setting stored=value error /> }.into_any()
                    }}
                    <button type="submit" class="secondary">{tr!(page.save)}</button>
                    <div role="status">
                        {saved.then(|| view! { <p class="notice done">{tr!(configuration.saved)}</p> })}
                    </div>
                </ActionForm>
            </td>
            <td data-label=tr!(configuration.changed)>{changed}</td>
        </tr>
    }
}

/// A switch whose state Save stores.
#[component]
fn Toggle(setting: Setting, stored: bool, error: Signal<Option<AppError>>) -> impl IntoView {
    let key = setting.key();
    let asked = || (query("key").as_deref() == Some(key)).then(|| query("draft")).flatten();
    let typed = typed_before(error, "value").or_else(asked);
    let on = typed.map_or(stored, |value| value == "1");
    let states = [false, true].map(labels::state);
    island(Switch {
        name: key.to_owned(),
        page: CONFIGURATION_PATH.to_owned(),
        stored,
        on,
        states,
        hint: labels::bounds(setting),
    })
}

/// A number with its unit and its bounds.
#[component]
fn Amount(setting: Setting, stored: u32, error: Signal<Option<AppError>>) -> impl IntoView {
    let key = setting.key();
    let (min, max) = setting.bounds();
    let typed = typed_before(error, "value");
    let wrong = Memo::new(move |_| problem_of(error, "value"));
    let described = move || {
        let hint = format!("{key}-hint");
        if wrong.with(Option::is_some) { format!("{key}-problem {hint}") } else { hint }
    };
    view! {
        <div class="field">
            <div class="amount">
                <input
                    id=format!("{key}-value")
                    type="number"
                    name="value"
                    data-posted-as=posted_as(key)
                    data-stored=stored
                    value=typed.unwrap_or_else(|| stored.to_string())
                    min=min
                    max=max
                    step="1"
                    autocomplete="off"
                    aria-required="true"
                    aria-labelledby=format!("{key}-title")
                    aria-describedby=described
                    aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                />
                {labels::unit(setting).map(|unit| view! { <span>{unit}</span> })}
            </div>
            {move || wrong.get().map(|text| view! { <p class="field-problem" id=format!("{key}-problem")>{text}</p> })}
            <p class="hint" id=format!("{key}-hint")>{labels::bounds(setting)}</p>
        </div>
    }
}

/// How many administrators would have to enroll, and why the requirement cannot be switched on yet.
#[component]
fn ReadinessNote(readiness: Readiness, off: bool) -> impl IntoView {
    let Readiness { missing, people, obstacle: reason } = readiness;
    let shown = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let who = view! {
        <p>{off.then(|| view! { {tr!(requirement.if_on)} " " })} {tr!(requirement.missing, count = missing)}</p>
        <ul class="people">
            {people.into_iter().map(|person| view! { <li>{person.name} " · " {person.email}</li> }).collect_view()}
            {(missing > shown).then(|| view! { <li>{tr!(requirement.more, count = missing - shown)}</li> })}
        </ul>
        <p><A href=USERS_PATH>{tr!(requirement.users)}</A></p>
    };
    view! {
        <div class="readiness">
            {if missing > 0 { who.into_any() } else { view! { <p>{tr!(requirement.all_ready)}</p> }.into_any() }}
            {reason.filter(|_| off).map(|reason| view! { <p class="notice">{obstacle(reason)}</p> })}
        </div>
    }
}
