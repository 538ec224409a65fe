//! Account Settings.

use super::{advice::AdviceNotices, api::get_me};
use crate::{
    login::types::Audience,
    ui::{
        load::Load,
        page::{Loaded, PageHead},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The customer's account, with the way to two-factor authentication while it is allowed.
#[component]
pub fn AccountPage() -> impl IntoView {
    let me = Load::new(get_me(Audience::Customer));
    view! {
        <PageHead title=tr!(account.title) />
        <AdviceNotices audience=Audience::Customer />
        <Loaded resource=me view=|me| view! {
            <section class="panel" aria-labelledby="account-you">
                <h2 id="account-you">{tr!(account.you)}</h2>
                <dl>
                    <dt>{tr!(account.name)}</dt>
                    <dd>{me.name}</dd>
                    <dt>{tr!(account.email)}</dt>
                    <dd>{me.email}</dd>
                </dl>
            </section>
            <section class="panel" aria-labelledby="account-signing-in">
                <h2 id="account-signing-in">{tr!(account.signing_in)}</h2>
                {me.two_factor_allowed.then(|| view! {
                    <div class="row-link">
                        <A href=Audience::Customer.two_factor_path()>{tr!(enrollment.title)}</A>
                        <p class="hint">
                            {if me.entries > 0 { tr!(account.two_factor_on) } else { tr!(account.two_factor_off) }}
                        </p>
                    </div>
                })}
                <div class="row-link">
                    <A href=Audience::Customer.security_path()>{tr!(account.security)}</A>
                    <p class="hint">{tr!(account.security_hint)}</p>
                </div>
            </section>
        } />
    }
}
