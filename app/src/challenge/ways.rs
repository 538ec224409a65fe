//! What stands below a code and beside it, the same for every purpose: a new code, another method, a recovery code.

use super::{
    api::{ChooseMethod, SendNewCode, get_methods},
    page::{AnotherCode, MethodButton},
    routes::{code_page, methods_page, recovery_page},
    types::{CodeScreen, Purpose},
};
use crate::{
    error::AppError,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::Loaded,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Another code, by the same method or another one, or a recovery code.
#[component]
pub fn OtherWays(
    /// Whose page it is.
    audience: Audience,
    /// What is proved.
    purpose: Purpose,
    /// Where a step-up leads back to.
    #[prop(optional, into)]
    to: String,
    /// The challenge.
    screen: CodeScreen,
    /// The last failure of the code.
    error: Signal<Option<AppError>>,
    /// Sends another code.
    send_new_code: FormAction<SendNewCode>,
) -> impl IntoView {
    let other_methods = screen.has_other_methods.then(|| methods_page(audience, purpose, &to));
    let recovery = (purpose != Purpose::Enroll).then(|| recovery_page(audience, purpose, &to));
    view! {
        <ActionForm action=send_new_code>
            <ForPurpose audience purpose to />
            <AnotherCode screen error />
            <FormProblem error=failure(send_new_code) />
        </ActionForm>
        {other_methods.map(|page| view! { <p><A href=page>{tr!(login.other_method)}</A></p> })}
        {recovery.map(|page| view! { <p><A href=page>{tr!(recovery.title)}</A></p> })}
    }
}

/// The methods to choose from, and the way back to the code.
#[component]
pub fn MethodChoice(
    /// Whose page it is.
    audience: Audience,
    /// What is proved.
    purpose: Purpose,
    /// Where a step-up leads back to.
    #[prop(optional, into)]
    to: String,
) -> impl IntoView {
    let choose = FormAction::<ChooseMethod>::new();
    let back = code_page(audience, purpose, &to, false);
    let recovery = recovery_page(audience, purpose, &to);
    let methods = Load::new(get_methods(audience, purpose));
    view! {
        <FormProblem error=failure(choose) />
        <Loaded resource=methods view=move |methods| {
            let form = |method| {
                let to = to.clone();
                view! {
                    <li>
                        <ActionForm action=choose>
                            <ForPurpose audience purpose to />
                            <MethodButton method />
                        </ActionForm>
                    </li>
                }
            };
            view! { <ul class="choices">{methods.into_iter().map(form).collect_view()}</ul> }
        } />
        <p><A href=recovery>{tr!(recovery.title)}</A></p>
        <p><A href=back>{tr!(login.back_to_code)}</A></p>
    }
}

/// What every form of a challenge posts.
#[component]
fn ForPurpose(audience: Audience, purpose: Purpose, #[prop(into)] to: String) -> impl IntoView {
    view! {
        <input type="hidden" name="audience" value=audience.as_str() />
        <input type="hidden" name="purpose" value=purpose.as_str() />
        <input type="hidden" name="to" value=to />
    }
}
