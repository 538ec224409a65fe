//! What is asked before an account loses its last second factor.

use super::api::{DeleteEntry, overview};
use crate::{
    error::AppError,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::{LoadProblem, Loaded, PageHead},
        path_param,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Names the entry, and says what goes with it.
#[component]
pub fn DeleteEntryPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let id = path_param("id");
    let delete = FormAction::<DeleteEntry>::new();
    let two_factor = Load::new(overview(audience));
    view! {
        <PageHead title=tr!(enrollment.delete_title) />
        <Loaded resource=two_factor view=move |two_factor| {
            let codes = two_factor.recovery_codes.filter(|left| *left > 0);
            let Some(entry) = two_factor.entries.into_iter().find(|entry| entry.id.to_string() == id) else {
                return view! { <LoadProblem error=AppError::NotFound /> }.into_any();
            };
            let name = match entry.destination {
                Some(destination) => format!("{} ({destination})", entry.title),
                None => entry.title,
            };
            view! {
                <ActionForm action=delete attr:class="panel">
                    <FormProblem error=failure(delete) />
                    <p>{tr!(enrollment.delete_last, name = name)}</p>
                    {codes.map(|_| view! { <p>{tr!(enrollment.delete_codes)}</p> })}
                    <input type="hidden" name="audience" value=audience.as_str() />
                    <input type="hidden" name="id" value=entry.id.to_string() />
                    <input type="hidden" name="confirmed" value="on" />
                    <div class="buttons">
                        <button type="submit" class="danger">{tr!(page.delete)}</button>
                        <A href=audience.two_factor_path() attr:class="quiet">{tr!(page.cancel)}</A>
                    </div>
                </ActionForm>
            }
            .into_any()
        } />
    }
}
