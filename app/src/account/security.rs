//! What protects the caller's own account: devices, sessions, password, and what happened lately. Administrators have
//! their factors, name and address here too; customers on pages of their own.

use super::{
    activity::RecentActivity, api::get_security, details::Details, password::Password, shared::load_me, tabs::OwnTabs,
};
use crate::{
    devices::own::OwnDevices,
    enrollment::page::OwnEntries,
    login::types::Audience,
    sessions::own::{OfferToEndOthers, OwnSessions},
    ui::{
        form::DoneNotice,
        load::Load,
        page::{LoadProblem, Loaded, PageHead},
    },
};
use leptos::prelude::*;

/// User Security.
#[component]
pub fn SecurityPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let me = load_me(audience);
    let title = match audience {
        Audience::Admin => tr!(enrollment.title_admin),
        Audience::Customer => tr!(account.security),
    };
    view! {
        <PageHead title lead=tr!(account.security_lead) />
        <OwnTabs audience />
        <DoneNotice />
        <OfferToEndOthers audience />
        <Transition fallback=|| view! { <p class="loading" role="status">{tr!(page.loading)}</p> }>
            {move || Suspend::new(async move {
                match me.await {
                    // Until a required second factor is set up there is nothing else to see.
                    Ok(me) if me.enrollment_needed => {
                        view! { <OwnEntries audience /> }.into_any()
                    }
                    Ok(me) => view! { <Sections audience two_factor_allowed=me.two_factor_allowed /> }.into_any(),
                    Err(error) => view! { <LoadProblem error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Sections(audience: Audience, two_factor_allowed: bool) -> impl IntoView {
    let security = Load::new(get_security(audience));
    // Customers have tabs for these, where they are not said a second time.
    let own_here = audience == Audience::Admin;
    view! {
        {(own_here && two_factor_allowed).then(|| view! { <OwnEntries audience /> })}
        <OwnDevices audience />
        <OwnSessions audience />
        <Password audience security />
        {own_here.then(|| view! {
            <Loaded resource=security view=move |security| view! {
                <Details audience name=security.name email=security.email />
            } />
        })}
        <RecentActivity security />
    }
}
