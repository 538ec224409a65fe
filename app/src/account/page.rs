//! Account Settings.

use super::{advice::AdviceNotices, details::Details, shared::load_me, tabs::OwnTabs};
use crate::{
    login::types::Audience,
    ui::{
        form::DoneNotice,
        page::{Loaded, PageHead},
    },
};
use leptos::prelude::*;

/// Who the customer is, and whether a code is asked for.
#[component]
pub fn AccountPage() -> impl IntoView {
    let me = load_me(Audience::Customer);
    view! {
        <PageHead title=tr!(account.title) />
        <OwnTabs audience=Audience::Customer />
        <DoneNotice />
        <AdviceNotices audience=Audience::Customer />
        <Loaded resource=me view=|me| view! {
            <Details audience=Audience::Customer name=me.name email=me.email />
            {me.two_factor_allowed.then(|| view! {
                <section class="panel" aria-labelledby="account-signing-in">
                    <h2 id="account-signing-in">{tr!(account.signing_in)}</h2>
                    <p>{if me.has_entry { tr!(account.two_factor_on) } else { tr!(account.two_factor_off) }}</p>
                </section>
            })}
        } />
    }
}
