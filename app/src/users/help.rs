//! The page that confirms a change of someone else's account. It works without JavaScript.

use super::{
    api::{HelpAccount, get_person},
    details::help_label,
    routes::list_path,
    types::Help,
};
use crate::{
    error::AppError,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::{Crumb, LoadProblem, Loaded, PageHead},
        path_param, query,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Confirms an action on someone else's account.
#[component]
pub fn HelpPage(
    /// The account's audience.
    audience: Audience,
) -> impl IntoView {
    match path_param("help").parse() {
        Ok(help) => view! { <Question audience id=path_param("id") help /> }.into_any(),
        Err(()) => {
            view! { <PageHead title=tr!(page.not_found_title) /> <LoadProblem error=AppError::NotFound /> }.into_any()
        }
    }
}

#[component]
fn Question(audience: Audience, id: String, help: Help) -> impl IntoView {
    let action = FormAction::<HelpAccount>::new();
    let item = query("item").unwrap_or_default();
    let back = format!("{}/{id}{}", list_path(audience), help.tab().as_str());
    let person = Load::new(get_person(audience, id.clone(), help.as_str().to_owned(), item.clone()));
    let one = !item.is_empty();
    let (title, warning) = match help {
        Help::ResetFactor => (tr!(users.reset_factor_title), tr!(users.reset_factor_warning)),
        Help::RestoreEntry => (tr!(users.restore_entry_title), tr!(users.restore_entry_warning)),
        Help::Unlock => (tr!(users.unlock_title), tr!(users.unlock_warning)),
        Help::Disable => (tr!(users.disable_title), tr!(users.disable_warning)),
        Help::Enable => (tr!(users.enable_title), tr!(users.enable_warning)),
        Help::EndSessions if one => (tr!(users.end_session_title), tr!(users.end_session_warning)),
        Help::EndSessions => (tr!(users.end_sessions_title), tr!(users.end_sessions_warning)),
        Help::RevokeDevices if one => (tr!(users.revoke_device_title), tr!(users.revoke_device_warning)),
        Help::RevokeDevices => (tr!(users.revoke_devices_title), tr!(users.revoke_devices_warning)),
        Help::Delete => (tr!(users.delete_title), tr!(users.delete_warning)),
    };
    let class = if matches!(help, Help::RestoreEntry | Help::Unlock | Help::Enable) { "primary" } else { "danger" };
    view! {
        <Crumb to=back.clone() title=tr!(users.back) />
        <PageHead title />
        <Loaded resource=person view=move |person| {
            let (id, item, back, warning) = (id.clone(), item.clone(), back.clone(), warning.clone());
            view! {
                <ActionForm action attr:class="panel">
                    <FormProblem error=failure(action) />
                    <p><strong>{person.name}</strong> " · " {person.email}</p>
                    <p>{warning}</p>
                    <input type="hidden" name="audience" value=audience.as_str() />
                    <input type="hidden" name="id" value=id />
                    <input type="hidden" name="help" value=help.as_str() />
                    <input type="hidden" name="item" value=item />
                    <div class="buttons">
                        <button type="submit" class=class>{help_label(help)}</button>
                        <A href=back attr:class="quiet">{tr!(page.cancel)}</A>
                    </div>
                </ActionForm>
            }
        } />
    }
}
