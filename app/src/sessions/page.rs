//! The table of sessions.

use super::types::SessionRow;
use crate::ui::{table::Table, time::Time};
use leptos::prelude::*;
use uuid::Uuid;

/// Sessions, one row each. The current one has no action.
#[component]
pub fn SessionTable<F>(
    /// The sessions.
    sessions: Vec<SessionRow>,
    /// What can be done with one of them.
    action: F,
) -> impl IntoView
where
    F: Fn(Uuid) -> AnyView + Send + 'static,
{
    let mut columns = vec![tr!(devices.browser), tr!(devices.address), tr!(sessions.began), tr!(devices.last_used)];
    // Alone, this session leaves nothing to do.
    let others = sessions.iter().any(|session| !session.this_one);
    if others {
        columns.push(tr!(page.actions));
    }
    view! {
        <Table columns>
            {sessions
                .into_iter()
                .map(|session| view! {
                    <tr>
                        <td>
                            {session.browser} " "
                            {session.this_one.then(|| view! { <span class="badge on">{tr!(sessions.this_one)}</span> })}
                        </td>
                        <td class="free" data-label=tr!(devices.address)>{session.address}</td>
                        <td data-label=tr!(sessions.began)><Time at=session.began /></td>
                        <td data-label=tr!(devices.last_used)><Time at=session.last_used /></td>
                        {others.then(|| view! {
                            <td class="actions">{(!session.this_one).then(|| action(session.id))}</td>
                        })}
                    </tr>
                })
                .collect_view()}
        </Table>
    }
}
