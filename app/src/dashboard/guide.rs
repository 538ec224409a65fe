//! The line on the pages that the set-up leads through: how far it is, and what comes next.

use super::{
    api::get_guide,
    steps::{path, title},
    types,
};
use crate::{login::types::Audience, policy::routes::SETTINGS_PATH, ui::load::Load};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

/// Leads on while one of the first tasks is left: within the settings and the own profile, where they are done. Who looks
/// after people or reads the log is left alone, and the dashboard has the whole list.
#[component]
pub fn Guide() -> impl IntoView {
    let here = use_location().pathname.get_untracked();
    if ![SETTINGS_PATH, "/admin/profile"].iter().any(|part| here.starts_with(part)) {
        return ().into_any();
    }
    let guide = Load::new(get_guide(Audience::Admin));
    view! {
        <Transition>
            {move || {
                let here = here.clone();
                Suspend::new(async move { guide.await.ok().flatten().map(|guide| view! { <Line guide here /> }) })
            }}
        </Transition>
    }
    .into_any()
}

#[component]
fn Line(guide: types::Guide, here: String) -> impl IntoView {
    let types::Guide { done, all, next } = guide;
    let step = title(next);
    let next = match path(next) {
        Some(path) if !here.starts_with(&path) => {
            view! { <A href=path>{tr!(dashboard.guide_next, step = step)}</A> }.into_any()
        }
        // A link to the page where one is would lead nowhere.
        _ => view! { <span>{tr!(dashboard.guide_now, step = step)}</span> }.into_any(),
    };
    view! { <p class="guide"><span>{tr!(dashboard.guide, done = done, all = all)}</span> " " {next}</p> }
}
