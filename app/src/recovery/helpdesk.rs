//! The page where an administrator issues a one-time code for someone who is locked out. It works without JavaScript.

use super::{
    api::{IssueHelpdeskCode, get_helpdesk},
    types::{Helpdesk, in_groups},
};
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, SubmitButton, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param,
    },
    users::{account::Tab, routes::list_path},
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Issues a helpdesk code, and shows it once.
#[component]
pub fn HelpdeskPage(
    /// The account's audience.
    audience: Audience,
) -> impl IntoView {
    let issue = FormAction::<IssueHelpdeskCode>::new();
    let id = path_param("id");
    let back = format!("{}/{id}{}", list_path(audience), Tab::TwoFactor.as_str());
    let helpdesk = Load::new(get_helpdesk(audience, id.clone()));
    view! {
        <Crumb to=back.clone() title=tr!(users.back) />
        <PageHead title=tr!(helpdesk.title) lead=tr!(helpdesk.lead) />
        <Loaded resource=helpdesk view=move |helpdesk| {
            let Helpdesk { name, email, minutes, code } = helpdesk;
            let (id, back) = (id.clone(), back.clone());
            match code {
                Some(code) => view! {
                    <section class="panel">
                        <p><strong>{name}</strong> " · " {email}</p>
                        <p class="notice">{tr!(helpdesk.fresh)}</p>
                        <p><code class="one-code">{in_groups(&code)}</code></p>
                        <p>{tr!(helpdesk.how, count = minutes)}</p>
                        <p><A href=back>{tr!(helpdesk.done)}</A></p>
                    </section>
                }
                .into_any(),
                None => view! {
                    <ActionForm action=issue attr:class="panel">
                        <FormProblem error=failure(issue) />
                        <p><strong>{name}</strong> " · " {email}</p>
                        <p>{tr!(helpdesk.warning, count = minutes)}</p>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="id" value=id />
                        <div class="buttons">
                            <SubmitButton label=tr!(helpdesk.issue) />
                            <A href=back attr:class="quiet">{tr!(page.cancel)}</A>
                        </div>
                    </ActionForm>
                }
                .into_any(),
            }
        } />
    }
}
