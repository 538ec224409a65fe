//! The sign-in pages: email and password, then the code.

use super::{
    api::{ChooseMethod, LogIn, LogOut, SendNewCode, Verify, get_code_screen, get_methods},
    types::Audience,
};
use crate::{
    challenge::{
        page::{AnotherCode, AnswerField, CodeIntro, MethodButton, ScreenHead, screen_title},
        types::CodeScreen,
    },
    registration::page::CreateAccountLink,
    ui::{
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure, forget},
        frame::EntryFrame,
        page::{Loaded, PageHead},
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;

/// Email and password.
#[component]
pub fn LoginPage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let log_in = ServerAction::<LogIn>::new();
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
                <SubmitButton pending=log_in.pending() label=tr!(login.log_in) />
            </ActionForm>
            <p><A href=audience.forgot_path()>{tr!(password.forgot)}</A></p>
            {(audience == Audience::Customer).then(|| view! { <CreateAccountLink /> })}
        </EntryFrame>
    }
}

/// The code that was sent, and whether to trust this device.
#[component]
pub fn LoginCodePage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let verify = ServerAction::<Verify>::new();
    let send_new_code = ServerAction::<SendNewCode>::new();
    forget(verify, send_new_code);
    forget(send_new_code, verify);
    let leave = ServerAction::<LogOut>::new();
    let error = failure(verify);
    let screen = Resource::new(move || send_new_code.version().get(), move |_| get_code_screen(audience));
    view! {
        <EntryFrame home=audience.login_path()>
            <ScreenHead resource=screen title=screen_title />
            <Loaded resource=screen view=move |screen| {
                let CodeScreen { trust_days, has_other_methods: other_methods, .. } = screen;
                let asked = screen.clone();
                view! {
                    <CodeIntro screen=screen.clone() failures=[error, failure(send_new_code)] />
                    <ActionForm action=verify attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <AnswerField screen=asked error pending=verify.pending()>
                            {(trust_days > 0).then(|| view! {
                                <div class="check">
                                    <input type="checkbox" id="trust" name="trust" value="on" aria-describedby="trust-hint" />
                                    <label for="trust">{tr!(login.trust)}</label>
                                    <p class="hint" id="trust-hint">{tr!(login.trust_hint, days = trust_days)}</p>
                                </div>
                            })}
                        </AnswerField>
                    </ActionForm>
                    <ActionForm action=send_new_code>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <AnotherCode screen error pending=send_new_code.pending() />
                        <FormProblem error=failure(send_new_code) />
                    </ActionForm>
                    {other_methods.then(|| view! {
                        <p><A href=audience.methods_path()>{tr!(login.other_method)}</A></p>
                    })}
                    <p><A href=audience.recovery_path()>{tr!(recovery.title)}</A></p>
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
    let choose = ServerAction::<ChooseMethod>::new();
    let methods = Resource::new(|| (), move |()| get_methods(audience));
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title=tr!(login.methods_title) lead=tr!(login.methods_lead) />
            <FormProblem error=failure(choose) />
            <Loaded resource=methods view=move |methods| view! {
                <ul class="choices">
                    {methods
                        .into_iter()
                        .map(|method| view! {
                            <li>
                                <ActionForm action=choose>
                                    <input type="hidden" name="audience" value=audience.as_str() />
                                    <MethodButton method />
                                </ActionForm>
                            </li>
                        })
                        .collect_view()}
                </ul>
            } />
            <p><A href=audience.recovery_path()>{tr!(recovery.title)}</A></p>
            <p><A href=audience.code_path()>{tr!(login.back_to_code)}</A></p>
        </EntryFrame>
    }
}
