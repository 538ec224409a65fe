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
        page::{DeadLinkNotice, Loaded, PageHead, living},
        path_param,
    },
    validate::PASSWORD_MIN_ALONE,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Creates the first administrator.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let set_up = FormAction::<SetUp>::new();
    let error = failure(set_up);
    let token = path_param("token");
    let link = Load::new({
        let token = token.clone();
        async move { living(check_set_up_link(token).await) }
    });
    view! {
        <EntryFrame home=Audience::Admin.login_path()>
            <Loaded resource=link view=move |link| {
                let token = token.clone();
                match link {
                    Some(()) => view! {
                        <PageHead title=tr!(set_up.title) lead=tr!(set_up.lead) />
                        <ActionForm action=set_up attr:novalidate="">
                            <FormProblem error />
                            <input type="hidden" name="token" value=token />
                            <Field name="name" label=tr!(account.name) error autocomplete="name" autofocus=true />
                            <Field name="email" label=tr!(login.email) error kind="email" autocomplete="username" />
                            <NewPasswordField label=tr!(login.password) error min=PASSWORD_MIN_ALONE />
                            <SubmitButton label=tr!(set_up.create) />
                        </ActionForm>
                    }
                    .into_any(),
                    None => view! {
                        <PageHead title=tr!(set_up.title) />
                        <DeadLinkNotice />
                        <p><A href=Audience::Admin.login_path()>{tr!(login.log_in)}</A></p>
                    }
                    .into_any(),
                }
            } />
        </EntryFrame>
    }
}
