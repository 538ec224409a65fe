//! What someone else's account proves itself by, and what an administrator can do about it.

use super::{
    account::{AccountDetails, Requirement, Tab},
    details::{Actions, end_link, help_path},
    types::Help,
};
use crate::{
    devices::page::DeviceTable,
    enrollment::{
        entry_cells::{EntryCells, entry_columns},
        types::{DeletedEntry, Entry},
    },
    login::types::Audience,
    recovery::routes::helpdesk_path,
    ui::{
        address::Address,
        table::Table,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

/// The page of its second factor.
#[component]
pub fn TwoFactorTab(
    /// The account's audience.
    audience: Audience,
    /// The account.
    account: AccountDetails,
) -> impl IntoView {
    let id = account.id;
    let acted_on = account.clone();
    let AccountDetails { entries, deleted, devices, recovery_codes, requirement, switched_off, disabled_since, .. } =
        account;
    // A helpdesk code replaces an entry, so it is of no help once the factor is disabled; only a reset is.
    let more = (!entries.is_empty() && !switched_off && disabled_since.is_none()).then(|| {
        let href = helpdesk_path(audience, &id.to_string());
        view! { <A href=href attr:class="button secondary">{tr!(helpdesk.issue)}</A> }.into_any()
    });
    let requirement = match requirement {
        Requirement::NotAllowed => tr!(users.requirement_not_allowed),
        Requirement::Optional => tr!(users.requirement_optional),
        Requirement::Required => tr!(users.requirement_required),
    };
    view! {
        <section class="panel" aria-labelledby="account-factor">
            <h2 id="account-factor">{tr!(users.two_factor)}</h2>
            <dl>
                <dt>{tr!(users.requirement)}</dt>
                <dd>{requirement}</dd>
                <dt>{tr!(recovery.title)}</dt>
                <dd>{tr!(users.recovery_codes, count = recovery_codes)}</dd>
            </dl>
        </section>
        <Actions audience account=acted_on tab=Tab::TwoFactor more />
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
        <p class="hint"><ZoneNote /></p>
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
                            <td class="free address" data-label=tr!(enrollment.destination)><Address of=entry.destination /></td>
                            <td data-label=tr!(page.deleted)><Time at=entry.at /></td>
                            <td class="actions"><A href=href attr:class="button secondary">{tr!(page.restore)}</A></td>
                        </tr>
                    }
                })
                .collect_view()}
        </Table>
    }
}
