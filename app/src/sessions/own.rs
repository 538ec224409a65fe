//! One's own sessions, and ending them.

use super::{
    api::{EndOtherSessions, EndSession, list_sessions},
    page::SessionTable,
};
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::Loaded,
        query,
        time::ZoneNote,
    },
};
use leptos::prelude::*;

/// After these changes the other sessions may be someone else's (ASVS 7.4.3), by their names in the address.
const CHANGES: [&str; 4] = ["added", "deleted", "password_changed", "email_changed"];

/// Offers to end the other sessions after a change of password or factor.
#[component]
pub fn OfferToEndOthers(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let end_others = FormAction::<EndOtherSessions>::new();
    let changed = query("done").is_some_and(|done| CHANGES.contains(&done.as_str()));
    let sessions = Load::new(async move { if changed { list_sessions(audience).await } else { Ok(Vec::new()) } });
    view! {
        <FormProblem error=failure(end_others) />
        <Transition>
            {move || Suspend::new(async move {
                let others = sessions.await.is_ok_and(|sessions| sessions.iter().any(|session| !session.this_one));
                others.then(|| view! {
                    <section class="notice" aria-label=tr!(sessions.others)>
                        <p>{tr!(sessions.offer)}</p>
                        <ActionForm action=end_others>
                            <input type="hidden" name="audience" value=audience.as_str() />
                            <button type="submit" class="secondary">{tr!(sessions.end_others)}</button>
                        </ActionForm>
                    </section>
                })
            })}
        </Transition>
    }
}

/// The section of the account's sessions.
#[component]
pub fn OwnSessions(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let end = FormAction::<EndSession>::new();
    let end_others = FormAction::<EndOtherSessions>::new();
    let sessions = Load::new(list_sessions(audience));
    let end_one = move |id: uuid::Uuid| {
        view! {
            <ActionForm action=end>
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="id" value=id.to_string() />
                <button type="submit" class="quiet">{tr!(sessions.end)}</button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 id="sessions">{tr!(sessions.title)}</h2>
            <FormProblem error=failure(end) />
            <FormProblem error=failure(end_others) />
            <Loaded resource=sessions view=move |sessions| {
                let others = sessions.iter().any(|session| !session.this_one);
                view! {
                    <p class="hint">{tr!(sessions.lead)} " " <ZoneNote /></p>
                    <SessionTable sessions action=end_one />
                    {others.then(|| view! {
                        <ActionForm action=end_others>
                            <input type="hidden" name="audience" value=audience.as_str() />
                            <button type="submit" class="secondary">{tr!(sessions.end_others)}</button>
                        </ActionForm>
                    })}
                }
            } />
        </section>
    }
}
