//! The pages of a forgotten password: asking for a link, and what it leads to.

use super::{
    api::{AskReset, SetPassword, get_reset_link},
    types::ResetLink,
};
use crate::{
    error::AppError,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        field::{Field, NewPasswordField},
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{DeadLinkNotice, Loaded, PageHead, living},
        path_param,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

/// Asks for a link.
#[component]
pub fn ForgotPasswordPage(
    /// Whose account it is.
    audience: Audience,
) -> impl IntoView {
    let ask = FormAction::<AskReset>::new();
    let error = failure(ask);
    let asked = crate::ui::query("done").is_some();
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title=tr!(password.forgot_title) lead=tr!(password.forgot_lead) />
            <DoneNotice />
            <ActionForm action=ask attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <Field name="email" label=tr!(login.email) error kind="email" autocomplete="username" autofocus=!asked />
                <SubmitButton label=tr!(password.send_link) />
            </ActionForm>
            <p><A href=audience.login_path()>{tr!(password.back)}</A></p>
        </EntryFrame>
    }
}

/// Chooses a new password.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let set = FormAction::<SetPassword>::new();
    let error = failure(set);
    let token = path_param("token");
    let link = Load::new({
        let token = token.clone();
        async move { living(get_reset_link(token).await) }
    });
    view! {
        <EntryFrame home="/">
            <PageHead title=tr!(password.new_title) />
            <Loaded resource=link view=move |link| match link {
                Some(link) => Either::Left(view! { <NewPasswordForm set error link token=token.clone() /> }),
                None => Either::Right(view! { <DeadLink /> }),
            } />
        </EntryFrame>
    }
}

#[component]
fn NewPasswordForm(
    set: FormAction<SetPassword>,
    error: Signal<Option<AppError>>,
    link: ResetLink,
    token: String,
) -> impl IntoView {
    view! {
        <p class="lead">{tr!(password.new_lead)} " " <strong>{link.email.clone()}</strong></p>
        <ActionForm action=set attr:novalidate="">
            <FormProblem error />
            <input type="hidden" name="token" value=token />
            <NewPasswordField label=tr!(password.new_password) error min=link.min account=link.email autofocus=true />
            <SubmitButton label=tr!(password.set) />
        </ActionForm>
        <p class="hint">{tr!(password.new_effect)}</p>
    }
}

/// The link does not work; links to the pages that send a new one. Both, because a dead link does not say whose it was.
#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <DeadLinkNotice />
        <p><A href=Audience::Customer.forgot_path()>{tr!(password.new_link)}</A></p>
        <p><A href=Audience::Admin.forgot_path()>{tr!(password.new_link_admin)}</A></p>
    }
}
