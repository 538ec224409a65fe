//! The table of sessions.

use super::types::SessionRow;
use leptos::prelude::*;
use uuid::Uuid;

/// Sessions, one row each. The one that asks has no action.
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
    view! {
        <div class="scroll" tabindex="0">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(devices.browser)}</th>
                        <th scope="col">{tr!(devices.address)}</th>
                        <th scope="col">{tr!(sessions.began)}</th>
                        <th scope="col">{tr!(devices.last_used)}</th>
                        <th scope="col">{tr!(page.actions)}</th>
                    </tr>
                </thead>
                <tbody>
                    {sessions
                        .into_iter()
                        .map(|session| view! {
                            <tr>
                                <td>
                                    {session.browser}
                                    {session.this_one.then(|| view! { <span class="badge on">{tr!(sessions.this_one)}</span> })}
                                </td>
                                <td data-label=tr!(devices.address)>{session.address}</td>
                                <td data-label=tr!(sessions.began)><span class="time">{session.began}</span></td>
                                <td data-label=tr!(devices.last_used)><span class="time">{session.last_used}</span></td>
                                <td class="actions">{(!session.this_one).then(|| action(session.id))}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
