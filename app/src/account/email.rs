//! Changing the caller's own address: asking for the link, and opening it.

use super::api::{AskForEmail, ConfirmEmail, get_email_link, get_security};
use crate::{
    login::types::Audience,
    step_up::page::ConfirmFirst,
    ui::{
        action::{ActionForm, FormAction},
        address::Address,
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param,
    },
};
use leptos::prelude::*;

/// Asks for a link to the new address.
#[component]
pub fn ChangeEmailPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let ask = FormAction::<AskForEmail>::new();
    let error = failure(ask);
    let security = Load::new(get_security(audience));
    let title = match audience {
        Audience::Admin => tr!(enrollment.title_admin),
        Audience::Customer => tr!(account.title),
    };
    view! {
        <Crumb to=audience.details_path() title />
        <PageHead title=tr!(account.email_title) lead=tr!(account.email_lead) />
        <DoneNotice />
        <section class="panel">
            <Loaded resource=security view=move |security| {
                let form = if security.stepped_up {
                    view! {
                        <ActionForm action=ask attr:novalidate="">
                            <FormProblem error />
                            <input type="hidden" name="audience" value=audience.as_str() />
                            <Field
                                name="new_email"
                                label=tr!(account.new_email)
                                error
                                kind="email"
                                autocomplete="email"
                                autofocus=true
                            />
                            <SubmitButton label=tr!(account.send_link) />
                        </ActionForm>
                    }
                    .into_any()
                } else {
                    view! { <ConfirmFirst audience reason=tr!(step_up.needed_email) /> }.into_any()
                };
                view! {
                    <dl>
                        <dt>{tr!(account.email_now)}</dt>
                        <dd><Address of=security.email /></dd>
                    </dl>
                    {form}
                }
            } />
        </section>
    }
}

/// The page behind the link that was sent to the new address. Opening it changes nothing, since programs that
/// check mail open links too.
#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let confirm = FormAction::<ConfirmEmail>::new();
    let token = path_param("token");
    let link = Load::new(get_email_link(token.clone()));
    view! {
        <EntryFrame home="/">
            <PageHead title=tr!(account.confirm_email_title) />
            <Loaded resource=link view=move |new| {
                let token = token.clone();
                view! {
                    <p>{tr!(account.confirm_email_lead)} " " <strong>{new.email}</strong></p>
                    <ActionForm action=confirm>
                        <FormProblem error=failure(confirm) />
                        <input type="hidden" name="token" value=token />
                        <SubmitButton label=tr!(account.confirm_email) />
                    </ActionForm>
                }
            } />
        </EntryFrame>
    }
}
