//! Changing the caller's own password.

use super::{api::ChangePassword, types::Security};
use crate::{
    login::types::Audience,
    step_up::page::ConfirmFirst,
    ui::{
        action::{ActionForm, FormAction},
        field::{Field, NewPasswordField},
        form::{FormProblem, SubmitButton, failure},
        load::Load,
        page::Loaded,
    },
};
use leptos::prelude::*;

/// The section of the password.
#[component]
pub fn Password(
    /// Whose page it is.
    audience: Audience,
    /// The account's security.
    security: Load<Security>,
) -> impl IntoView {
    let change = FormAction::<ChangePassword>::new();
    let error = failure(change);
    view! {
        <section class="panel" aria-labelledby="password">
            <h2 id="password">{tr!(password.title)}</h2>
            <Loaded resource=security view=move |security| {
                if !security.stepped_up {
                    return view! { <ConfirmFirst audience reason=tr!(step_up.needed_password) /> }.into_any();
                }
                view! {
                    <p class="hint">{tr!(password.ends_trust)}</p>
                    <ActionForm action=change attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <Field
                            name="current_password"
                            label=tr!(password.current)
                            error
                            kind="password"
                            autocomplete="current-password"
                        />
                        <NewPasswordField
                            name="new_password"
                            label=tr!(password.new_password)
                            error
                            min=security.password_min
                            account=security.email
                        />
                        <SubmitButton label=tr!(password.change) />
                    </ActionForm>
                }
                .into_any()
            } />
        </section>
    }
}
