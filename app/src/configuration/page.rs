//! The configuration page: every setting, found by a word.

use super::{
    api::{SaveSetting, get_configuration},
    labels::matches,
    routes::CONFIGURATION_PATH,
    row::SettingRow,
    types::{Configuration, Setting},
};
use crate::ui::{action::FormAction, load::Load};
use crate::ui::{
    form::{FormProblem, failure},
    page::{Loaded, PageHead},
    query,
    time::ZoneNote,
};
use leptos::{html, prelude::*};

/// All settings, searchable, each with a form of its own.
#[component]
pub fn ConfigurationPage() -> impl IntoView {
    let configuration = Load::new(|| (), |()| get_configuration());
    view! {
        <PageHead title=tr!(configuration.title) lead=tr!(configuration.lead) />
        <Loaded resource=configuration view=|configuration| view! { <Settings configuration /> } />
    }
}

#[component]
fn Settings(configuration: Configuration) -> impl IntoView {
    let Configuration { settings, readiness } = configuration;
    let save = FormAction::<SaveSetting>::new();
    let failed = failure(save);
    // Problems that belong to a row are shown there.
    let error = Signal::derive(move || failed.get().filter(|error| error.typed("key").is_none()));
    let search = RwSignal::new(query("q").unwrap_or_default());
    let rows: Vec<_> = settings.into_iter().map(|value| (value.setting, RwSignal::new(value))).collect();
    let rows = StoredValue::new(rows);
    Effect::new(move |_| {
        if let Some(Ok(saved)) = save.value() {
            let row = rows.with_value(|rows| rows.iter().find(|(setting, _)| *setting == saved.setting).copied());
            if let Some((_, row)) = row {
                row.set(saved);
            }
        }
    });
    let found = move || {
        search.with(|text| {
            rows.with_value(|rows| {
                rows.iter().filter(|(setting, _)| matches(*setting, text)).copied().collect::<Vec<_>>()
            })
        })
    };
    let count = Memo::new(move |_| u32::try_from(found().len()).unwrap_or(u32::MAX));
    view! {
        <SearchForm search />
        <FormProblem error />
        <p class="hint" role="status">{move || tr!(configuration.found, count = count.get())}</p>
        {move || (count.get() == 0).then(|| view! { <p class="empty">{tr!(configuration.nothing_found, text = search.get())}</p> })}
        <div class="panel scroll" hidden=move || count.get() == 0>
            <table class="settings">
                <thead>
                    <tr>
                        <th scope="col">{tr!(configuration.setting)}</th>
                        <th scope="col">{tr!(configuration.value)}</th>
                        <th scope="col">{tr!(configuration.changed)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=found
                        key=|(setting, _)| *setting
                        children=move |(setting, row)| {
                            let readiness = (setting == Setting::RequireAdminTwoFactor).then(|| readiness.clone());
                            view! { <SettingRow row save search readiness /> }
                        }
                    />
                </tbody>
            </table>
        </div>
        <p class="hint"><ZoneNote /></p>
    }
}

/// Filters as one types; without JavaScript, by its button.
#[component]
fn SearchForm(search: RwSignal<String>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    // Keep what was typed before the page was hydrated.
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            search.set(input.value());
        }
    });
    view! {
        <form method="get" action=CONFIGURATION_PATH role="search" class="search">
            <label for="q">{tr!(configuration.search)}</label>
            <input
                type="search"
                id="q"
                name="q"
                value=search.get_untracked()
                autocomplete="off"
                node_ref=input
                on:input=move |event| search.set(event_target_value(&event))
            />
            <button type="submit" class="secondary">{tr!(configuration.search)}</button>
        </form>
    }
}
