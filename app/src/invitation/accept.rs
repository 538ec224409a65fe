//! The page behind the link of an invitation.

use super::{
    api::{AcceptInvitation, check_invitation},
    types::Invited,
};
use crate::ui::{
    action::{ActionForm, FormAction},
    load::Load,
};
use crate::ui::{
    brand,
    field::NewPasswordField,
    form::{FormProblem, SubmitButton, failure},
    frame::EntryFrame,
    page::{Loaded, PageHead},
    path_param,
};
use leptos::prelude::*;

/// The invited person chooses a password, which creates the account.
#[component]
pub fn AcceptInvitationPage() -> impl IntoView {
    let accept = FormAction::<AcceptInvitation>::new();
    let error = failure(accept);
    let token = path_param("token");
    let invited = Load::new(check_invitation(token.clone()));
    view! {
        <EntryFrame home="/">
            <PageHead title=tr!(invitation.title) lead=tr!(invitation.accept_lead, brand = brand()) />
            <Loaded resource=invited view=move |Invited { name, email, password_min, .. }| {
                let token = token.clone();
                view! {
                    <dl>
                        <dt>{tr!(users.name)}</dt>
                        <dd>{name}</dd>
                        <dt>{tr!(users.email)}</dt>
                        <dd>{email.clone()}</dd>
                    </dl>
                    <ActionForm action=accept attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="token" value=token />
                        <NewPasswordField label=tr!(login.password) error min=password_min account=email autofocus=true />
                        <SubmitButton label=tr!(invitation.accept) />
                    </ActionForm>
                }
            } />
        </EntryFrame>
    }
}
