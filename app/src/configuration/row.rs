//! A row of the configuration page: what the setting does, the form that changes it, and who did last.

use super::{
    api::SaveSetting,
    labels,
    routes::CONFIGURATION_PATH,
    types::{Setting, SettingValue, Unit},
};
use crate::{
    error::AppError,
    policy::types::Readiness,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, SubmitButton, failure, problem_of, typed_before},
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
    row: RwSignal<SettingValue>,
    /// Stores a value.
    save: FormAction<SaveSetting>,
    /// What the page is searched for.
    search: RwSignal<String>,
    /// How ready the administrators are, for the requirement only.
    readiness: Option<Readiness>,
) -> impl IntoView {
    let setting = row.with_untracked(|row| row.setting);
    let key = setting.key();
    let failed = failure(save);
    let error = Signal::derive(move || failed.get().filter(|error| error.typed("key").is_some_and(|k| k == key)));
    let saved_before = query("saved").is_some_and(|saved| saved == key);
    let saved = move || match save.value() {
        Some(Ok(saved)) => saved.setting == setting,
        Some(Err(_)) => false,
        None => saved_before,
    };
    let pending = Signal::derive(move || save.pending().get() && save.sent("key").is_some_and(|sent| sent == key));
    let stands_off = move || row.with(|row| row.value == 0);
    view! {
        <tr id=key>
            <td>
                <h2 id=format!("{key}-title")>{labels::title(setting)}</h2>
                <p class="hint">{labels::description(setting)}</p>
                {readiness.map(|readiness| view! { <ReadinessNote readiness off=Signal::derive(stands_off) /> })}
            </td>
            <td data-label=tr!(configuration.value)>
                <ActionForm action=save attr:novalidate="">
                    <FormProblem error />
                    <input type="hidden" name="key" value=key />
                    <input type="hidden" name="q" value=move || search.get() />
                    {if setting.unit() == Unit::Toggle {
                        view! { <Toggle row error /> }.into_any()
                    } else {
                        view! { <Amount row error /> }.into_any()
                    }}
                    <SubmitButton pending label=tr!(page.save) />
                    <div role="status">
                        {move || saved().then(|| view! { <p class="notice done">{tr!(configuration.saved)}</p> })}
                    </div>
                </ActionForm>
            </td>
            <td data-label=tr!(configuration.changed)>
                {move || match row.get().changed {
                    Some(change) => view! {
                        <Time at=change.at />
                        " "
                        <span class="hint">{tr!(configuration.changed_by, who = change.by)}</span>
                    }
                    .into_any(),
                    None => view! { <span class="hint">{tr!(configuration.never_changed)}</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}

/// A switch whose state Save stores. Without JavaScript it loads the same page with the other state.
#[component]
fn Toggle(row: RwSignal<SettingValue>, error: Signal<Option<AppError>>) -> impl IntoView {
    let key = row.with_untracked(|row| row.setting.key());
    let asked = || (query("key").as_deref() == Some(key)).then(|| query("draft")).flatten();
    let typed = typed_before(error, "value").or_else(asked);
    let draft = RwSignal::new(typed.map(|value| value == "1"));
    let stored = move || row.with(|row| row.value != 0);
    let on = move || draft.get().unwrap_or_else(stored);
    let number = |on: bool| if on { "1" } else { "0" };
    view! {
        <input type="hidden" name="value" value=move || number(on()) />
        <button
            type="submit"
            role="switch"
            name="draft"
            value=move || number(!on())
            formmethod="get"
            formaction=CONFIGURATION_PATH
            aria-checked=move || on().to_string()
            aria-labelledby=format!("{key}-title")
            aria-describedby=format!("{key}-hint")
            on:click=move |event| {
                event.prevent_default();
                let other = !on();
                draft.set(Some(other));
            }
        >
            {move || labels::state(on())}
        </button>
        <p class="hint" id=format!("{key}-hint")>
            {labels::bounds(row.with_untracked(|row| row.setting))}
            {move || (on() != stored()).then(|| view! { " " <strong>{tr!(configuration.not_saved)}</strong> })}
        </p>
    }
}

/// A number with its unit and its bounds.
#[component]
fn Amount(row: RwSignal<SettingValue>, error: Signal<Option<AppError>>) -> impl IntoView {
    let (setting, stored): (Setting, u32) = row.with_untracked(|row| (row.setting, row.value));
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
fn ReadinessNote(readiness: Readiness, off: Signal<bool>) -> impl IntoView {
    let Readiness { missing, people, obstacle: reason } = readiness;
    let shown = u32::try_from(people.len()).unwrap_or(u32::MAX);
    let who = view! {
        <p>{tr!(requirement.missing, count = missing)}</p>
        <ul class="people">
            {people.into_iter().map(|person| view! { <li>{person.name} " · " {person.email}</li> }).collect_view()}
            {(missing > shown).then(|| view! { <li>{tr!(requirement.more, count = missing - shown)}</li> })}
        </ul>
        <p><A href=USERS_PATH>{tr!(requirement.users)}</A></p>
    };
    view! {
        <div class="readiness">
            {if missing > 0 { who.into_any() } else { view! { <p>{tr!(requirement.all_ready)}</p> }.into_any() }}
            {move || reason.filter(|_| off.get()).map(|reason| view! { <p class="notice">{obstacle(reason)}</p> })}
        </div>
    }
}
