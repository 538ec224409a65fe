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
use leptos::prelude::*;

/// All settings, searchable, each with a form of its own.
#[component]
pub fn ConfigurationPage() -> impl IntoView {
    let configuration = Load::new(get_configuration());
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
    let search = query("q").unwrap_or_default();
    let found = settings.iter().filter(|value| matches(value.setting, &search)).count();
    let count = u32::try_from(found).unwrap_or(u32::MAX);
    let rows = settings.into_iter().map(|value| {
        let readiness = (value.setting == Setting::RequireAdminTwoFactor).then(|| readiness.clone());
        view! { <SettingRow value save search=search.clone() readiness /> }
    });
    view! {
        <SearchForm search=search.clone() />
        <FormProblem error />
        <p class="hint" role="status">{tr!(configuration.found, count = count)}</p>
        {(count == 0).then(|| view! { <p class="empty">{tr!(configuration.nothing_found, text = search.clone())}</p> })}
        <div class="panel scroll" hidden=count == 0>
            <table class="settings">
                <thead>
                    <tr>
                        <th scope="col">{tr!(configuration.setting)}</th>
                        <th scope="col">{tr!(configuration.value)}</th>
                        <th scope="col">{tr!(configuration.changed)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <p class="hint"><ZoneNote /></p>
    }
}

/// Filters as one types (`data-live`); without JavaScript, by its button.
#[component]
fn SearchForm(search: String) -> impl IntoView {
    view! {
        <form method="get" action=CONFIGURATION_PATH role="search" class="search" data-live="">
            <label for="q">{tr!(configuration.search)}</label>
            <input type="search" id="q" name="q" value=search autocomplete="off" />
            <button type="submit" class="secondary">{tr!(configuration.search)}</button>
        </form>
    }
}
