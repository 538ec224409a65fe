//! What would make the account safer, on the page that follows a sign-in.

use super::{
    api::{DismissSuggestion, get_advice},
    types::Advice,
};
use crate::{
    login::types::Audience,
    services::{names::channel_name, types::Channel},
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        strength::protects,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The advice, where there is any.
#[component]
pub fn AdviceNotices(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let dismiss = FormAction::<DismissSuggestion>::new();
    let advice = Load::new(get_advice(audience));
    view! {
        <Transition>
            {move || Suspend::new(async move {
                advice.await.ok().map(|Advice { unprotected, few_codes, stronger }| view! {
                    {unprotected.then(|| view! { <p class="notice problem">{tr!(account.unprotected)}</p> })}
                    {few_codes.map(|left| view! { <FewCodes audience left /> })}
                    {stronger.map(|channel| view! { <Suggestion audience channel dismiss /> })}
                })
            })}
        </Transition>
    }
}

#[component]
fn FewCodes(audience: Audience, left: u32) -> impl IntoView {
    let text = if left == 0 { tr!(recovery.none_left) } else { tr!(recovery.few_left, count = left) };
    view! { <p class="notice">{text} " " <A href=audience.recovery_codes_path()>{tr!(recovery.title)}</A></p> }
}

/// A stronger channel than the account has, until it is dismissed.
#[component]
fn Suggestion(audience: Audience, channel: Channel, dismiss: FormAction<DismissSuggestion>) -> impl IntoView {
    view! {
        <section class="notice suggestion" aria-labelledby="suggestion">
            <h2 id="suggestion">{tr!(strength.suggestion)}</h2>
            <p>{channel_name(channel)} ": " {protects(channel)}</p>
            <FormProblem error=failure(dismiss) />
            <div class="buttons">
                <A href=audience.two_factor_path() attr:class="button secondary">{tr!(strength.add)}</A>
                <ActionForm action=dismiss>
                    <input type="hidden" name="audience" value=audience.as_str() />
                    <button type="submit" class="quiet">{tr!(strength.dismiss)}</button>
                </ActionForm>
            </div>
        </section>
    }
}
