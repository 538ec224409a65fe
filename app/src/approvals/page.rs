//! The page of approval requests.

use super::{
    api::{Approve, Decline, Withdraw, list_approvals},
    types::ApprovalRequest,
};
use crate::{
    audit::{details, names::action_name},
    policy::routes::SETUP_PATH,
    ui::{
        action::{ActionForm, FormAction},
        form::{DoneNotice, FormProblem, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        table::Table,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;

/// What one can do about a request.
#[derive(Clone, Copy)]
struct Decisions {
    approve: FormAction<Approve>,
    decline: FormAction<Decline>,
    withdraw: FormAction<Withdraw>,
}

/// All requests that wait.
#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let decisions = Decisions { approve: FormAction::new(), decline: FormAction::new(), withdraw: FormAction::new() };
    let Decisions { approve, decline, withdraw } = decisions;
    let list = Load::new(list_approvals());
    let failures = [failure(approve), failure(decline), failure(withdraw)];
    view! {
        <Crumb to=SETUP_PATH title=tr!(frame.setup) />
        <PageHead title=tr!(approvals.title) lead=tr!(approvals.lead) />
        <DoneNotice failures />
        {failures.into_iter().map(|error| view! { <FormProblem error /> }).collect_view()}
        <Loaded resource=list view=move |list| {
            if list.is_empty() {
                view! { <p class="empty">{tr!(approvals.empty)}</p> }.into_any()
            } else {
                view! { <RequestTable list decisions /> <p class="hint"><ZoneNote /></p> }.into_any()
            }
        } />
    }
}

#[component]
fn RequestTable(list: Vec<ApprovalRequest>, decisions: Decisions) -> impl IntoView {
    let columns = vec![
        tr!(approvals.change),
        tr!(approvals.asker),
        tr!(approvals.asked),
        tr!(approvals.expires),
        tr!(page.actions),
    ];
    view! {
        <Table panel=true columns>
            {list.into_iter().map(|request| view! { <RequestRow request decisions /> }).collect_view()}
        </Table>
    }
}

#[component]
fn RequestRow(request: ApprovalRequest, decisions: Decisions) -> impl IntoView {
    let Decisions { approve, decline, withdraw } = decisions;
    let (id, same) = (request.id.to_string(), request.id.to_string());
    let actions = if request.own {
        view! {
            <ActionForm action=withdraw>
                <input type="hidden" name="id" value=id />
                <button type="submit" class="secondary">{tr!(approvals.withdraw)}</button>
            </ActionForm>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=approve>
                <input type="hidden" name="id" value=id />
                <button type="submit" class="primary">{tr!(approvals.approve)}</button>
            </ActionForm>
            <ActionForm action=decline>
                <input type="hidden" name="id" value=same />
                <button type="submit" class="secondary">{tr!(approvals.decline)}</button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <td class="free">
                <div>
                    {action_name(&request.action)}
                    <p class="hint">{about(&request.action, &request.about)}</p>
                    {request.own.then(|| view! { <p class="hint">{tr!(approvals.own)}</p> })}
                </div>
            </td>
            <td class="free" data-label=tr!(approvals.asker)>{request.asker}</td>
            <td data-label=tr!(approvals.asked)><Time at=request.asked /></td>
            <td data-label=tr!(approvals.expires)><Time at=request.expires /></td>
            <td class="actions">{actions}</td>
        </tr>
    }
}

/// What a change is about: to what or whom, and its details.
fn about(action: &str, text: &str) -> String {
    let (subject, more) = text.split_once(", ").map_or((text, None), |(subject, more)| (subject, Some(more)));
    let subject = details::subject(action.parse().ok(), subject);
    more.map_or_else(|| subject.clone(), |more| format!("{subject}, {}", details::said(more)))
}
