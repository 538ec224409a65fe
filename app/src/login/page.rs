//! The sign-in pages: email and password, then the code.

use super::{
    api::{LogIn, LogInWithCode, LogInWithPasskey, LogOut, Verify},
    types::Audience,
};
use crate::{
    challenge::{
        api::{SendNewCode, get_code_screen},
        page::{AnswerField, CodeIntro, ScreenHead, screen_title},
        types::Purpose,
        ways::{MethodChoice, OtherWays},
    },
    error::{AppError, Refusal},
    island::island,
    passkey::{page::PasskeyButton, types::Ask},
    registration::page::CreateAccountLink,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{Loaded, PageHead},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Email and password.
#[component]
pub fn LoginPage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let log_in = FormAction::<LogIn>::new();
    let error = failure(log_in);
    let title = match audience {
        Audience::Admin => tr!(login.title_admin),
        Audience::Customer => tr!(login.title_customer),
    };
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title />
            <DoneNotice failures=[error] />
            <ActionForm action=log_in attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <Field name="email" label=tr!(login.email) error kind="email" autocomplete="username" autofocus=true />
                <Field name="password" label=tr!(login.password) error kind="password" autocomplete="current-password" />
                <SubmitButton label=tr!(login.log_in) />
            </ActionForm>
            // After every failure, so that it tells nothing about an account.
            {move || {
                let refused = matches!(error.get(), Some(AppError::Refused { reason: Refusal::WrongLogin, .. }));
                refused.then(|| view! { <p><A href=audience.login_with_code_path()>{tr!(login.with_code)}</A></p> })
            }}
            <p><A href=audience.forgot_path()>{tr!(password.forgot)}</A></p>
            {(audience == Audience::Customer).then(|| view! { <CreateAccountLink /> })}
        </EntryFrame>
    }
}

/// Email, password and a code of the authenticator app or a passkey in one form: the way in while the passwords of strangers have
/// locked the account.
#[component]
pub fn LoginWithCodePage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let log_in = FormAction::<LogInWithCode>::new();
    let by_code = failure(log_in);
    let by_passkey = failure(FormAction::<LogInWithPasskey>::new());
    let error = Signal::derive(move || by_code.get().or_else(|| by_passkey.get()));
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title=tr!(login.with_code_title) lead=tr!(login.with_code_lead) />
            <ActionForm action=log_in attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <Field name="email" label=tr!(login.email) error kind="email" autocomplete="username" autofocus=true />
                <Field name="password" label=tr!(login.password) error kind="password" autocomplete="current-password" />
                <Field
                    name="code"
                    label=tr!(challenge.code)
                    error=by_code
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    hint=tr!(challenge.app_hint)
                    answers=true
                />
                <SubmitButton label=tr!(login.log_in) />
                {island(PasskeyButton { ask: Ask::SignIn, options: String::new(), origin: String::new() })}
            </ActionForm>
            <p><A href=audience.login_path()>{tr!(login.without_code)}</A></p>
        </EntryFrame>
    }
}

/// The code that was sent, and whether to trust this device.
#[component]
pub fn LoginCodePage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let verify = FormAction::<Verify>::new();
    let send_new_code = FormAction::<SendNewCode>::new();
    let leave = FormAction::<LogOut>::new();
    let error = failure(verify);
    let screen = Load::new(get_code_screen(audience, Purpose::SignIn));
    view! {
        <EntryFrame home=audience.login_path()>
            <ScreenHead resource=screen title=screen_title />
            <Loaded resource=screen view=move |screen| {
                let trust_days = screen.trust_days;
                let asked = screen.clone();
                view! {
                    <CodeIntro audience purpose=Purpose::SignIn screen=screen.clone() failures=[error, failure(send_new_code)] />
                    <ActionForm action=verify attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <AnswerField screen=asked error>
                            {(trust_days > 0).then(|| view! {
                                <div class="check">
                                    <input type="checkbox" id="trust" name="trust" value="on" aria-describedby="trust-hint" />
                                    <label for="trust">{tr!(login.trust)}</label>
                                    <p class="hint" id="trust-hint">{tr!(login.trust_hint, count = trust_days)}</p>
                                </div>
                            })}
                        </AnswerField>
                    </ActionForm>
                    <OtherWays audience purpose=Purpose::SignIn screen error send_new_code />
                }
            } />
            <ActionForm action=leave>
                <input type="hidden" name="audience" value=audience.as_str() />
                <button type="submit" class="quiet">{tr!(login.other_account)}</button>
            </ActionForm>
        </EntryFrame>
    }
}

/// How to receive the code, where there is a choice.
#[component]
pub fn LoginMethodsPage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title=tr!(login.methods_title) lead=tr!(login.methods_lead) />
            <MethodChoice audience purpose=Purpose::SignIn />
        </EntryFrame>
    }
}
