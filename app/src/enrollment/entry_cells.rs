//! The part of a row that shows an entry, wherever entries are listed.

use super::types::Entry;
use crate::ui::{address::Address, strength::StrengthBadge, time::Time};
use leptos::prelude::*;

/// The heads of the columns of [`EntryCells`].
pub fn entry_columns() -> Vec<String> {
    vec![
        tr!(enrollment.type_),
        tr!(strength.title),
        tr!(enrollment.destination),
        tr!(enrollment.added),
        tr!(enrollment.last_used),
    ]
}

/// What an entry is, where its codes go and when it was used.
#[component]
pub fn EntryCells(
    /// The entry.
    entry: Entry,
    /// Whether to mark it as the one that sign-ins begin with.
    preferred: bool,
) -> impl IntoView {
    view! {
        <td class="free">
            {entry.title} " "
            {preferred.then(|| view! { <span class="badge on">{tr!(enrollment.preferred)}</span> })}
            {(!entry.usable).then(|| view! { <span class="badge">{tr!(enrollment.unusable)}</span> })}
        </td>
        <td data-label=tr!(strength.title)><StrengthBadge channel=entry.kind /></td>
        <td class="free address" data-label=tr!(enrollment.destination)>{entry.destination.map(|to| view! { <Address of=to /> })}</td>
        <td data-label=tr!(enrollment.added)><Time at=entry.added /></td>
        <td data-label=tr!(enrollment.last_used)>
            <Time at={entry.last_used.unwrap_or_else(|| tr!(enrollment.never))} />
        </td>
    }
}
