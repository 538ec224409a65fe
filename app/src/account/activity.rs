//! What happened with the signed-in account lately.

use super::types::{Activity, Place, Security};
use crate::{
    audit::{details, names},
    ui::{
        load::Load,
        page::Loaded,
        table::Table,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;

/// The section of the last events.
#[component]
pub fn RecentActivity(
    /// The account's security.
    security: Load<Security>,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="activity">
            <h2 id="activity">{tr!(account.activity)}</h2>
            <Loaded resource=security view=|security| {
                if security.activity.is_empty() {
                    return view! { <p class="hint">{tr!(account.activity_empty)}</p> }.into_any();
                }
                view! {
                    <p class="hint">{tr!(account.activity_lead)} " " <ZoneNote /></p>
                    <ActivityTable activity=security.activity />
                }
                .into_any()
            } />
        </section>
    }
}

#[component]
fn ActivityTable(activity: Vec<Activity>) -> impl IntoView {
    view! {
        <Table columns=[tr!(account.what), tr!(account.when), tr!(account.from_where), tr!(account.outcome)]>
            {activity
                .into_iter()
                .map(|event| view! {
                    <tr>
                        <td class="free">
                            {names::action(event.action)}
                            {event.subject.map(|subject| format!(": {}", details::subject(Some(event.action), &subject)))}
                        </td>
                        <td data-label=tr!(account.when)><Time at=event.at /></td>
                        <td data-label=tr!(account.from_where)>{place(event.place)}</td>
                        <td data-label=tr!(account.outcome)>
                            <span class="badge" class:on=event.succeeded>
                                {if event.succeeded { tr!(account.succeeded) } else { tr!(account.failed) }}
                            </span>
                        </td>
                    </tr>
                })
                .collect_view()}
        </Table>
    }
}

fn place(place: Place) -> String {
    match place {
        Place::Address(address) => address,
        Place::Administrator => tr!(account.by_administrator),
        Place::System => tr!(account.by_system),
    }
}
