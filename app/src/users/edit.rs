//! Changing someone else's name and address.

use super::{account::AccountDetails, api::ChangeAccount};
use crate::{
    login::types::Audience,
    step_up::page::ConfirmFirst,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{FormProblem, SubmitButton, failure},
    },
};
use leptos::prelude::*;

/// The form of name and address, or the way to the step-up that comes before it.
#[component]
pub fn EditAccount(
    /// The account's audience.
    audience: Audience,
    /// The account.
    account: AccountDetails,
) -> impl IntoView {
    let change = FormAction::<ChangeAccount>::new();
    let error = failure(change);
    let form = if account.stepped_up {
        view! {
            <ActionForm action=change attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="id" value=account.id.to_string() />
                <Field name="name" label=tr!(users.name) error value=account.name autocomplete="off" />
                <Field
                    name="email"
                    label=tr!(users.email)
                    error
                    kind="email"
                    value=account.email
                    autocomplete="off"
                    hint=tr!(users.edit_email_hint)
                />
                <SubmitButton label=tr!(page.save) />
            </ActionForm>
        }
        .into_any()
    } else {
        view! { <ConfirmFirst audience=Audience::Admin reason=tr!(step_up.needed_person) /> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="account-edit">
            <h2 id="account-edit">{tr!(users.edit)}</h2>
            {form}
        </section>
    }
}
