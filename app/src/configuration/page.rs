//! The configuration page: every setting, found by a word.

use super::{
    api::{SaveSetting, SaveSettings, get_configuration},
    changes::Changes,
    labels::{self, matches},
    routes::CONFIGURATION_PATH,
    row::SettingRow,
    types::{Configuration, Group, Setting},
};
use crate::{
    island::island,
    policy::routes::SETUP_PATH,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        query,
        time::ZoneNote,
    },
};
use leptos::prelude::*;

/// All settings, searchable, each with a form of its own.
#[component]
pub fn ConfigurationPage() -> impl IntoView {
    let configuration = Load::new(get_configuration());
    view! {
        <Crumb to=SETUP_PATH title=tr!(frame.setup) />
        <PageHead title=tr!(configuration.title) lead=tr!(configuration.lead) />
        <Loaded resource=configuration view=|configuration| view! { <Settings configuration /> } />
    }
}

#[component]
fn Settings(configuration: Configuration) -> impl IntoView {
    let Configuration { settings, readiness } = configuration;
    let save = FormAction::<SaveSetting>::new();
    let save_all = FormAction::<SaveSettings>::new();
    let (of_one, of_all) = (failure(save), failure(save_all));
    let failed = Signal::derive(move || of_one.get().or_else(|| of_all.get()));
    // Problems that belong to a row are shown there.
    let error = Signal::derive(move || failed.get().filter(|error| error.typed("key").is_none()));
    let search = query("q").unwrap_or_default();
    // What was refused is shown whatever the page is searched for.
    let refused = failed.with_untracked(|error| error.as_ref()?.typed("key").cloned());
    let is_shown = |setting: Setting| matches(setting, &search) || refused.as_deref() == Some(setting.key());
    let found = settings.iter().filter(|value| is_shown(value.setting)).count();
    let count = u32::try_from(found).unwrap_or(u32::MAX);
    let groups = Group::ALL.map(|group| {
        let values: Vec<_> = settings.iter().filter(|value| value.setting.group() == group).cloned().collect();
        let hidden = !values.iter().any(|value| is_shown(value.setting));
        let rows = values.into_iter().map(|value| {
            let readiness = (value.setting == Setting::RequireAdminTwoFactor).then(|| readiness.clone());
            let hidden = !is_shown(value.setting);
            view! { <SettingRow value save failed search=search.clone() hidden readiness /> }
        });
        view! {
            <tbody hidden=hidden>
                <tr class="group"><th colspan="3" scope="rowgroup"><h2>{labels::group(group)}</h2></th></tr>
                {rows.collect_view()}
            </tbody>
        }
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
                {groups.collect_view()}
            </table>
        </div>
        <p class="hint"><ZoneNote /></p>
        <ActionForm action=save_all attr:novalidate="">
            <input type="hidden" name="q" value=search />
            {island(Changes {})}
        </ActionForm>
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
