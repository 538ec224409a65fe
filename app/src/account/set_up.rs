//! The page behind the one-time set-up link.

use super::api::{SetUp, check_set_up_link};
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        field::{Field, NewPasswordField},
        form::{FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{Loaded, PageHead},
        path_param,
    },
    validate::PASSWORD_MIN_ALONE,
};
use leptos::prelude::*;

/// Creates the first administrator.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let set_up = FormAction::<SetUp>::new();
    let error = failure(set_up);
    let token = path_param("token");
    let link = Load::new(check_set_up_link(token.clone()));
    view! {
        <EntryFrame home=Audience::Admin.login_path()>
            <PageHead title=tr!(set_up.title) lead=tr!(set_up.lead) />
            <Loaded resource=link view=move |()| {
                let token = token.clone();
                view! {
                <ActionForm action=set_up attr:novalidate="">
                    <FormProblem error />
                    <input type="hidden" name="token" value=token />
                    <Field name="name" label=tr!(account.name) error autocomplete="name" autofocus=true />
                    <Field name="email" label=tr!(login.email) error kind="email" autocomplete="username" />
                    <NewPasswordField label=tr!(login.password) error min=PASSWORD_MIN_ALONE />
                    <SubmitButton label=tr!(set_up.create) />
                </ActionForm>
                }
            } />
        </EntryFrame>
    }
}
