//! The pages where a recovery code is entered: at the sign-in, and to confirm that it is you.

use super::api::{SignInByRecovery, StepUpByRecovery};
use crate::{
    challenge::{api::get_code_screen, types::Purpose},
    error::AppError,
    login::types::Audience,
    step_up::routes::{way_back, with_way_back},
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{Loaded, PageHead},
        query,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// A recovery code in place of the verification code of a sign-in.
#[component]
pub fn LoginRecoveryPage(
    /// Who signs in here.
    audience: Audience,
) -> impl IntoView {
    let sign_in = FormAction::<SignInByRecovery>::new();
    let error = failure(sign_in);
    view! {
        <EntryFrame home=audience.login_path()>
            <PageHead title=tr!(recovery.enter_title) lead=tr!(recovery.enter_lead) />
            <ActionForm action=sign_in attr:novalidate="">
                <FormProblem error />
                <input type="hidden" name="audience" value=audience.as_str() />
                <RecoveryCodeField error />
                <SubmitButton label=tr!(challenge.verify) />
            </ActionForm>
            <p><A href=audience.code_path()>{tr!(login.back_to_code)}</A></p>
        </EntryFrame>
    }
}

/// A recovery code in place of the verification code of a step-up.
#[component]
pub fn ConfirmRecoveryPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let step_up = FormAction::<StepUpByRecovery>::new();
    let error = failure(step_up);
    let to = way_back(audience, &query("to").unwrap_or_default());
    let back = with_way_back(audience.confirm_code_path(), audience, &to);
    // Asked for what it refuses: a code is of no use before the password.
    let screen = Load::new(get_code_screen(audience, Purpose::StepUp));
    view! {
        <PageHead title=tr!(recovery.enter_title) lead=tr!(recovery.enter_lead) />
        <section class="panel">
            <Loaded resource=screen view=move |_| {
                let to = to.clone();
                view! {
                    <ActionForm action=step_up attr:novalidate="">
                        <FormProblem error />
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="to" value=to />
                        <RecoveryCodeField error />
                        <SubmitButton label=tr!(challenge.verify) />
                    </ActionForm>
                }
            } />
            <p><A href=back>{tr!(login.back_to_code)}</A></p>
        </section>
    }
}

/// The code: one input, whatever separators and case it is typed with.
#[component]
fn RecoveryCodeField(error: Signal<Option<AppError>>) -> impl IntoView {
    view! {
        <Field
            name="recovery_code"
            label=tr!(recovery.code)
            error
            autocomplete="off"
            hint=tr!(recovery.code_hint)
            autofocus=true
            answers=true
        />
    }
}
