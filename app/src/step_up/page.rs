//! The pages that ask again who one is: the password, then the code.

use super::{
    api::{Confirm, Verify},
    routes::{confirm_link, way_back, without_asked},
};
use crate::{
    challenge::{
        api::{SendNewCode, get_code_screen},
        page::{AnswerField, CodeIntro, ScreenHead, screen_title},
        types::Purpose,
        ways::{MethodChoice, OtherWays},
    },
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{FormProblem, SubmitButton, failure},
        load::Load,
        page::{Loaded, PageHead},
        query,
    },
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};

/// The path that the page was asked to lead back to.
fn asked_way_back(audience: Audience) -> String {
    way_back(audience, &query("to").unwrap_or_default())
}

/// The password.
#[component]
pub fn ConfirmPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let confirm = FormAction::<Confirm>::new();
    let error = failure(confirm);
    let to = asked_way_back(audience);
    let cancel = without_asked(&to).to_owned();
    view! {
        <PageHead title=tr!(step_up.title) lead=tr!(step_up.lead) />
        <section class="panel">
            <ActionForm action=confirm attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="to" value=to />
                <Field
                    name="password"
                    label=tr!(step_up.password)
                    error
                    kind="password"
                    autocomplete="current-password"
                    autofocus=true
                />
                <SubmitButton label=tr!(step_up.confirm) />
            </ActionForm>
            <p><A href=cancel>{tr!(page.cancel)}</A></p>
        </section>
    }
}

/// The code that was sent.
#[component]
pub fn ConfirmCodePage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let verify = FormAction::<Verify>::new();
    let send_new_code = FormAction::<SendNewCode>::new();
    let error = failure(verify);
    let to = asked_way_back(audience);
    let cancel = without_asked(&to).to_owned();
    let screen = Load::new(get_code_screen(audience, Purpose::StepUp));
    view! {
        <ScreenHead resource=screen title=screen_title />
        <section class="panel">
            <Loaded resource=screen view=move |screen| {
                let asked = screen.clone();
                let (to, to_again) = (to.clone(), to.clone());
                view! {
                    <CodeIntro audience purpose=Purpose::StepUp screen=screen.clone() failures=[error, failure(send_new_code)] to=to_again.clone() />
                    <ActionForm action=verify attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="to" value=to />
                        <AnswerField screen=asked error />
                    </ActionForm>
                    <OtherWays audience purpose=Purpose::StepUp to=to_again screen error send_new_code />
                }
            } />
            <p><A href=cancel>{tr!(page.cancel)}</A></p>
        </section>
    }
}

/// How to prove it, where there is a choice.
#[component]
pub fn ConfirmMethodsPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    view! {
        <PageHead title=tr!(login.methods_title) lead=tr!(login.methods_lead) />
        <section class="panel">
            <MethodChoice audience purpose=Purpose::StepUp to=asked_way_back(audience) />
        </section>
    }
}

/// Stands in place of a form that needs a step-up first, with the way there and back.
#[component]
pub fn ConfirmFirst(
    /// Whose page it is.
    audience: Audience,
    /// Why.
    #[prop(into)]
    reason: String,
) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    view! {
        <p class="notice">{reason} " " <A href=confirm_link(audience, &path)>{tr!(step_up.title)}</A></p>
    }
}
