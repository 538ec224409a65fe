//! The page that lists the messages of the outbox.

use super::{
    api::list_deliveries,
    names,
    routes::{DELIVERIES_PATH, deliveries_path},
    table::DeliveryTable,
    types::{DeliveryList, DeliveryQuery, DeliveryState, MessageKind},
};
use crate::{
    policy::routes::SERVICES_MANAGER_PATH,
    ui::{
        choice::Select,
        field::Field,
        load::Load,
        page::{Crumb, Loaded, PageHead},
        query,
        table::Pager,
        time::ZoneNote,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

/// The messages of the last days, newest first.
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let value = |name: &str| query(name).unwrap_or_default().trim().to_owned();
    let query = DeliveryQuery {
        state: value("state"),
        kind: value("kind"),
        provider: value("provider"),
        person: value("person"),
        before: value("before"),
        after: value("after"),
    };
    let found = Load::new(async move { list_deliveries(query.clone()).await.map(|list| (query, list)) });
    view! {
        <Crumb to=SERVICES_MANAGER_PATH title=tr!(policy.services_manager) />
        <PageHead title=tr!(deliveries.title) lead=tr!(deliveries.lead) />
        <Loaded resource=found view=|(query, list): (DeliveryQuery, DeliveryList)| {
            view! {
                <FilterForm query=query.clone() providers=list.providers.clone() />
                <Deliveries query list />
            }
        } />
    }
}

#[component]
fn FilterForm(query: DeliveryQuery, providers: Vec<(Uuid, String)>) -> impl IntoView {
    let filtered = query.is_filtered();
    let error = Signal::stored(None);
    let states = DeliveryState::ALL.map(|state| (state.as_str().to_owned(), names::state(state)));
    let kinds = MessageKind::ALL.map(|kind| (kind.as_str().to_owned(), names::kind(kind)));
    let providers = providers.into_iter().map(|(id, title)| (id.to_string(), title)).collect();
    view! {
        <form method="get" action=DELIVERIES_PATH class="panel filter" role="search">
            <div class="filters">
                <Select name="state" label=tr!(deliveries.state) none=tr!(deliveries.all_states) chosen=query.state error options=states.into() />
                <Select name="kind" label=tr!(deliveries.message) none=tr!(deliveries.all_messages) chosen=query.kind error options=kinds.into() />
                <Select name="provider" label=tr!(deliveries.provider) none=tr!(deliveries.all_providers) chosen=query.provider error options=providers />
                <Field name="person" label=tr!(deliveries.person) error kind="search" value=query.person hint=tr!(deliveries.person_hint) optional=true />
            </div>
            <div class="buttons">
                <button type="submit" class="secondary">{tr!(page.filter)}</button>
                {filtered.then(|| view! { <A href=DELIVERIES_PATH attr:class="quiet">{tr!(page.clear_filter)}</A> })}
            </div>
        </form>
    }
}

#[component]
fn Deliveries(query: DeliveryQuery, list: DeliveryList) -> impl IntoView {
    if list.deliveries.is_empty() {
        let text = if query.is_filtered() { tr!(deliveries.no_match) } else { tr!(deliveries.empty) };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    let newer = list.newer.map(|id| DeliveryQuery { after: id.to_string(), before: String::new(), ..query.clone() });
    let older = list.older.map(|id| DeliveryQuery { before: id.to_string(), after: String::new(), ..query });
    let href = |query: DeliveryQuery| deliveries_path(&query);
    view! {
        <p class="hint"><ZoneNote /></p>
        <DeliveryTable deliveries=list.deliveries panel=true people=true />
        <Pager newer=newer.map(href) older=older.map(href) />
    }
    .into_any()
}
