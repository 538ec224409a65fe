//! The page of the audit log.

use super::{
    api::list_events,
    routes::{AUDIT_EXPORT_PATH, AUDIT_PATH, path_of},
    types::{Action, AuditEvent, AuditList, AuditQuery, Outcome},
};
use super::{details, names};
use crate::{
    error::AppError,
    ui::{
        address::Address,
        choice::Select,
        field::Field,
        load::Load,
        messages,
        page::{Loaded, PageHead},
        query,
        table::{Pager, Table},
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// What happened, newest first.
#[component]
pub fn AuditPage() -> impl IntoView {
    let value = |name: &str| query(name).unwrap_or_default().trim().to_owned();
    let query = AuditQuery {
        account: value("account"),
        action: value("action"),
        outcome: value("outcome"),
        from: value("from"),
        to: value("to"),
        before: value("before"),
        after: value("after"),
    };
    let events = Load::new(async move {
        match list_events(query.clone()).await {
            // The problems of the filter are shown beside its fields.
            Err(error @ AppError::Invalid { .. }) => Ok((query, Err(error))),
            other => other.map(|list| (query, Ok(list))),
        }
    });
    view! {
        <PageHead title=tr!(audit.title) lead=tr!(audit.lead) />
        <Loaded resource=events view=|(query, found): (AuditQuery, Result<AuditList, AppError>)| {
            let problem = found.as_ref().err().cloned();
            view! {
                <FilterForm query=query.clone() problem />
                {found.ok().map(|list| view! { <Events query list /> })}
            }
        } />
    }
}

#[component]
fn FilterForm(query: AuditQuery, problem: Option<AppError>) -> impl IntoView {
    let filtered = query.is_filtered();
    let message = problem.as_ref().map(messages::error);
    let error = Signal::stored(problem);
    let actions = Action::ALL.iter().map(|action| (action.as_str().to_owned(), names::action(*action)));
    let outcomes =
        [Outcome::Success, Outcome::Failure].map(|outcome| (outcome.as_str().to_owned(), names::outcome(outcome)));
    view! {
        <form method="get" action=AUDIT_PATH class="panel filter" role="search">
            {message.map(|text| view! { <div class="notice problem" role="alert"><p>{text}</p></div> })}
            <div class="filters">
                <Field name="account" label=tr!(audit.account) error kind="search" value=query.account hint=tr!(audit.account_hint) optional=true />
                <Select name="action" label=tr!(audit.action) none=tr!(audit.all_actions) chosen=query.action error options=actions.collect() />
                <Select name="outcome" label=tr!(audit.outcome) none=tr!(audit.all_outcomes) chosen=query.outcome error options=outcomes.into() />
                <Field name="from" label=tr!(audit.from) error kind="date" value=query.from optional=true />
                <Field name="to" label=tr!(audit.to) error kind="date" value=query.to optional=true />
            </div>
            <div class="buttons">
                <button type="submit" class="secondary">{tr!(page.filter)}</button>
                {filtered.then(|| view! { <A href=AUDIT_PATH attr:class="quiet">{tr!(page.clear_filter)}</A> })}
            </div>
        </form>
    }
}

#[component]
fn Events(query: AuditQuery, list: AuditList) -> impl IntoView {
    if list.events.is_empty() {
        let text = if query.is_filtered() { tr!(audit.no_match) } else { tr!(audit.empty) };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    let export =
        path_of(AUDIT_EXPORT_PATH, &AuditQuery { before: String::new(), after: String::new(), ..query.clone() });
    let newer = list.newer.map(|id| AuditQuery { after: id.to_string(), before: String::new(), ..query.clone() });
    let older = list.older.map(|id| AuditQuery { before: id.to_string(), after: String::new(), ..query });
    let href = |query: AuditQuery| path_of(AUDIT_PATH, &query);
    view! {
        <div class="head-row">
            <p class="hint">{tr!(page.utc)}</p>
            <a href=export rel="external" download="" class="button secondary">{tr!(audit.export)}</a>
        </div>
        <EventTable events=list.events utc=true />
        <Pager newer=newer.map(href) older=older.map(href) />
    }
    .into_any()
}

/// Events, newest first.
#[component]
pub fn EventTable(
    /// The events.
    events: Vec<AuditEvent>,
    /// Whether their times stay in UTC, as where days of UTC are asked for.
    #[prop(optional)]
    utc: bool,
) -> impl IntoView {
    let time = if utc { tr!(audit.time) } else { tr!(account.when) };
    view! {
        <Table
            panel=true
            columns=[time, tr!(audit.action), tr!(audit.account), tr!(audit.address), tr!(audit.outcome)]
        >
            {events.into_iter().map(|event| view! { <EventRow event utc /> }).collect_view()}
        </Table>
    }
}

/// One event: what happened with its details below, and who did it with whom it was done to below.
#[component]
fn EventRow(event: AuditEvent, utc: bool) -> impl IntoView {
    let outcome = if event.succeeded { Outcome::Success } else { Outcome::Failure };
    let about = event.subject.filter(|subject| event.account.as_ref() != Some(subject));
    let about = about.map(|about| details::subject(event.action.parse().ok(), &about));
    let account = event.account.map_or_else(|| tr!(audit.unknown), |account| details::actor(&account));
    view! {
        <tr>
            <td><Time at=event.time utc /></td>
            <td data-label=tr!(audit.action)>
                <div>
                    {names::action_name(&event.action)}
                    {event.details.map(|details| view! { <p class="hint free">{details::said(&details)}</p> })}
                </div>
            </td>
            <td class="free address" data-label=tr!(audit.account)>
                <div>
                    <Address of=account />
                    {about.map(|about| view! { <p class="hint">{tr!(audit.about, who = about)}</p> })}
                </div>
            </td>
            <td class="free" data-label=tr!(audit.address)>{event.address}</td>
            <td data-label=tr!(audit.outcome)>
                <span class="badge" class:on=event.succeeded class:bad=!event.succeeded>{names::outcome(outcome)}</span>
            </td>
        </tr>
    }
}
