//! The page of one account: the caller's own with its second factor, or someone else's with the actions that help.

use super::{
    api::{RenameMe, get_account},
    list::FactorBadge,
    routes::{account_path, list_path},
    types::{AccountDetails, Help},
};
use crate::{
    delivery::table::LastDeliveries,
    devices::page::DeviceTable,
    enrollment::{
        entry_cells::{EntryCells, entry_columns},
        page::OwnEntries,
        types::{DeletedEntry, Entry},
    },
    login::types::Audience,
    recovery::routes::helpdesk_path,
    sessions::page::SessionTable,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        icon::DeleteIcon,
        load::Load,
        page::{Loaded, PageHead},
        path_param,
        table::Table,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

/// One account.
#[component]
pub fn AccountDetailsPage(
    /// Its audience.
    audience: Audience,
) -> impl IntoView {
    let id = path_param("id");
    let account = Load::new(get_account(audience, id.clone()));
    let (list, title) = match audience {
        Audience::Admin => (tr!(users.title), tr!(users.edit_title)),
        Audience::Customer => (tr!(customers.title), tr!(customers.edit_title)),
    };
    view! {
        <p class="crumb"><A href=list_path(audience)>{list}</A></p>
        <Transition fallback={
            let title = title.clone();
            move || view! { <PageHead title=title.clone() /> }
        }>
            {move || {
                let title = title.clone();
                Suspend::new(async move {
                    // Headed by the person, as soon as it is known who that is.
                    match account.await {
                        Ok(account) => view! { <PageHead title=account.name lead=account.email /> }.into_any(),
                        Err(_) => view! { <PageHead title /> }.into_any(),
                    }
                })
            }}
        </Transition>
        <DoneNotice />
        <Loaded resource=account view=move |account| {
            if account.me {
                view! { <Myself account /> }.into_any()
            } else {
                view! { <SomebodyElse audience account /> }.into_any()
            }
        } />
    }
}

/// The caller's own name and second factor. Everything else is under My Profile.
#[component]
fn Myself(account: AccountDetails) -> impl IntoView {
    let rename = FormAction::<RenameMe>::new();
    let error = failure(rename);
    view! {
        <section class="panel" aria-labelledby="account-facts">
            <h2 id="account-facts">{tr!(users.yourself)}</h2>
            <dl>
                <dt>{tr!(users.email)}</dt>
                <dd>{account.email.clone()}</dd>
            </dl>
            <ActionForm action=rename attr:novalidate="">
                <FormProblem error />
                <Field name="name" label=tr!(users.name) error value=account.name autocomplete="name" />
                <SubmitButton label=tr!(page.save) />
            </ActionForm>
            <p><A href=Audience::Admin.two_factor_path()>{tr!(users.more_of_mine)}</A></p>
        </section>
        <OwnEntries audience=Audience::Admin />
        <LastDeliveries deliveries=account.deliveries email=account.email />
    }
}

#[component]
fn SomebodyElse(audience: Audience, account: AccountDetails) -> impl IntoView {
    let id = account.id;
    let help: Vec<_> = Help::ALL.into_iter().filter(|help| help.is_offered(&account)).collect();
    let AccountDetails { entries, deleted, devices, sessions, deliveries, email, .. } = account.clone();
    // A helpdesk code replaces an entry, so it is of no help once the factor is disabled; only a reset is.
    let may_issue = !entries.is_empty() && !account.switched_off && account.disabled_since.is_none();
    view! {
        <Facts account />
        {(!help.is_empty()).then(|| view! {
            <section class="panel" aria-labelledby="account-help">
                <h2 id="account-help">{tr!(users.help)}</h2>
                <ul class="buttons">
                    {may_issue.then(|| view! {
                        <li><A href=helpdesk_path(audience, &id.to_string()) attr:class="button secondary">{tr!(helpdesk.issue)}</A></li>
                    })}
                    {help
                        .into_iter()
                        .map(|help| view! {
                            <li><A href=help_path(audience, id, help) attr:class="button secondary">{help_label(help)}</A></li>
                        })
                        .collect_view()}
                </ul>
            </section>
        })}
        <section class="panel" aria-labelledby="account-entries">
            <h2 id="account-entries">{tr!(enrollment.entries)}</h2>
            {if entries.is_empty() {
                view! { <p class="hint">{tr!(users.no_entries)}</p> }.into_any()
            } else {
                view! { <EntryTable entries /> }.into_any()
            }}
        </section>
        {(!deleted.is_empty()).then(|| view! {
            <section class="panel" aria-labelledby="account-deleted">
                <h2 id="account-deleted">{tr!(page.deleted_title)}</h2>
                <DeletedTable audience id deleted />
            </section>
        })}
        <section class="panel" aria-labelledby="account-devices">
            <h2 id="account-devices">{tr!(devices.title)}</h2>
            {if devices.is_empty() {
                view! { <p class="hint">{tr!(users.no_devices)}</p> }.into_any()
            } else {
                view! { <DeviceTable devices action=move |item| end_link(audience, id, Help::RevokeDevices, item) /> }.into_any()
            }}
        </section>
        <section class="panel" aria-labelledby="account-sessions">
            <h2 id="account-sessions">{tr!(sessions.title)}</h2>
            {if sessions.is_empty() {
                view! { <p class="hint">{tr!(users.no_sessions)}</p> }.into_any()
            } else {
                view! { <SessionTable sessions action=move |item| end_link(audience, id, Help::EndSessions, item) /> }.into_any()
            }}
        </section>
        <LastDeliveries deliveries email />
        <p class="hint"><ZoneNote /></p>
    }
}

/// The person and the state of the account.
#[component]
fn Facts(account: AccountDetails) -> impl IntoView {
    let mut states = Vec::new();
    if let Some(since) = &account.disabled_since {
        states.push(tr!(users.disabled_since, time = since.clone()));
    }
    if account.switched_off {
        states.push(tr!(users.switched_off));
    } else if let Some(until) = &account.locked_until {
        states.push(tr!(users.locked_until, time = until.clone()));
    }
    if account.wrong_codes > 0 {
        states.push(tr!(users.wrong_codes, count = account.wrong_codes));
    }
    if account.password_paused {
        states.push(tr!(users.password_paused));
    }
    if states.is_empty() {
        states.push(tr!(users.can_sign_in));
    }
    view! {
        <section class="panel" aria-labelledby="account-facts">
            <h2 id="account-facts">{tr!(users.details)}</h2>
            <dl>
                <dt>{tr!(users.name)}</dt>
                <dd>{account.name}</dd>
                <dt>{tr!(users.email)}</dt>
                <dd>{account.email}</dd>
                <dt>{tr!(users.factor)}</dt>
                <dd><FactorBadge state=account.factor /></dd>
                <dt>{tr!(users.state)}</dt>
                <dd>{states.into_iter().map(|state| view! { <p>{state}</p> }).collect_view()}</dd>
                <dt>{tr!(users.last_sign_in)}</dt>
                <dd>{account.last_sign_in.unwrap_or_else(|| tr!(users.never))}</dd>
                <dt>{tr!(users.created)}</dt>
                <dd>{account.created}</dd>
            </dl>
        </section>
    }
}

/// Someone else's entries: to read, not to change one by one.
#[component]
fn EntryTable(entries: Vec<Entry>) -> impl IntoView {
    view! {
        <Table columns=entry_columns()>
            {entries.into_iter().map(|entry| view! { <tr><EntryCells entry preferred=false /></tr> }).collect_view()}
        </Table>
    }
}

/// Entries that can be brought back.
#[component]
fn DeletedTable(audience: Audience, id: Uuid, deleted: Vec<DeletedEntry>) -> impl IntoView {
    let columns = vec![tr!(enrollment.type_), tr!(enrollment.destination), tr!(page.deleted), tr!(page.actions)];
    view! {
        <Table columns>
            {deleted
                .into_iter()
                .map(|entry| {
                    let href = format!("{}?item={}", help_path(audience, id, Help::RestoreEntry), entry.id);
                    view! {
                        <tr>
                            <td class="free">{entry.title}</td>
                            <td class="free address" data-label=tr!(enrollment.destination)>{entry.destination}</td>
                            <td data-label=tr!(page.deleted)><Time at=entry.at /></td>
                            <td class="actions"><A href=href attr:class="button secondary">{tr!(page.restore)}</A></td>
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
    }
}

/// The way to ending one session or device.
fn end_link(audience: Audience, id: Uuid, help: Help, item: Uuid) -> AnyView {
    view! {
        <A
            href=format!("{}?item={item}", help_path(audience, id, help))
            attr:class="icon-button danger"
            attr:aria-label=tr!(page.delete)
            attr:title=tr!(page.delete)
        >
            <DeleteIcon />
        </A>
    }
    .into_any()
}

fn help_path(audience: Audience, id: Uuid, help: Help) -> String {
    format!("{}/{}", account_path(audience, id), help.as_str())
}

/// The name of an action.
pub fn help_label(help: Help) -> String {
    match help {
        Help::ResetFactor => tr!(users.reset_factor),
        Help::RestoreEntry => tr!(page.restore),
        Help::Unlock => tr!(users.unlock),
        Help::Disable => tr!(users.disable),
        Help::Enable => tr!(users.enable),
        Help::EndSessions => tr!(users.end_sessions),
        Help::RevokeDevices => tr!(users.revoke_devices),
        Help::Delete => tr!(users.delete),
    }
}
