//! What happened with an account: its events, page by page, and the last messages to it.

use super::{
    account::{AccountActivity, AccountDetails, Tab},
    api::get_activity,
    routes::tab_path,
};
use crate::{
    audit::{
        page::EventTable,
        routes::path_of,
        types::{AuditList, AuditQuery},
    },
    delivery::table::LastDeliveries,
    login::types::Audience,
    ui::{load::Load, page::Loaded, query, table::Pager, time::ZoneNote},
};
use leptos::prelude::*;

/// The page of its events and messages.
#[component]
pub fn ActivityTab(
    /// The account's audience.
    audience: Audience,
    /// The account.
    account: AccountDetails,
) -> impl IntoView {
    let AccountDetails { id, email, .. } = account;
    let place = |name: &str| query(name).unwrap_or_default();
    let asked = AuditQuery { before: place("before"), after: place("after"), ..AuditQuery::default() };
    let activity = Load::new(get_activity(audience, id.to_string(), asked));
    let path = tab_path(audience, id, Tab::Activity);
    view! {
        <Loaded resource=activity view=move |activity| {
            let AccountActivity { events, deliveries } = activity;
            view! {
                <LastDeliveries deliveries email=email.clone() />
                <Events path=path.clone() events />
            }
        } />
    }
}

#[component]
fn Events(path: String, events: AuditList) -> impl IntoView {
    let newer = events.newer.map(|id| AuditQuery { after: id.to_string(), ..AuditQuery::default() });
    let older = events.older.map(|id| AuditQuery { before: id.to_string(), ..AuditQuery::default() });
    let href = |query: AuditQuery| path_of(&path, &query);
    view! {
        <section class="panel" aria-labelledby="account-events">
            <h2 id="account-events">{tr!(account.activity)}</h2>
            {if events.events.is_empty() {
                view! { <p class="hint">{tr!(audit.empty)}</p> }.into_any()
            } else {
                view! { <p class="hint"><ZoneNote /></p> <EventTable events=events.events /> }.into_any()
            }}
            <Pager newer=newer.map(href) older=older.map(href) />
        </section>
    }
}
