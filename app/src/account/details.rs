//! One's own name, and the way to another address.

use super::api::ChangeName;
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        address::Address,
        field::Field,
        form::{FormProblem, SubmitButton, failure},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The section of name and address.
#[component]
pub fn Details(
    /// Whose page it is.
    audience: Audience,
    /// The account's name.
    name: String,
    /// The account's email address.
    email: String,
) -> impl IntoView {
    let change_name = FormAction::<ChangeName>::new();
    let error = failure(change_name);
    view! {
        <section class="panel" aria-labelledby="details">
            <h2 id="details">{tr!(account.you)}</h2>
            <dl>
                <dt>{tr!(account.email)}</dt>
                <dd><Address of=email /></dd>
            </dl>
            <p><A href=audience.email_path()>{tr!(account.change_email)}</A></p>
            <ActionForm action=change_name attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <Field name="name" label=tr!(account.name) error value=name autocomplete="name" />
                <SubmitButton label=tr!(account.change_name) />
            </ActionForm>
        </section>
    }
}
