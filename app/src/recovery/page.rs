//! The page of recovery codes: it shows new ones once, and how many are left from then on.

use super::{
    api::{MakeRecoveryCodes, get_recovery},
    keep::FreshCodes,
    own::{CodesLeft, MakeCodes},
};
use crate::{
    login::types::Audience,
    ui::{
        action::FormAction,
        form::{FormProblem, failure},
        load::Load,
        page::{Crumb, Loaded, PageHead},
    },
};
use leptos::prelude::*;

/// One's own recovery codes.
#[component]
pub fn RecoveryCodesPage(
    /// Whose page it is.
    audience: Audience,
) -> impl IntoView {
    let make = FormAction::<MakeRecoveryCodes>::new();
    let recovery = Load::new(get_recovery(audience));
    let back = match audience {
        Audience::Admin => tr!(enrollment.title_admin),
        Audience::Customer => tr!(enrollment.title),
    };
    view! {
        <Crumb to=audience.two_factor_path() title=back />
        <PageHead title=tr!(recovery.title) lead=tr!(recovery.lead) />
        <FormProblem error=failure(make) />
        <Loaded resource=recovery view=move |recovery| {
            if !recovery.fresh.is_empty() {
                return view! { <FreshCodes codes=recovery.fresh day=recovery.day next=audience.two_factor_path() /> }
                    .into_any();
            }
            view! {
                <section class="panel">
                    <CodesLeft left=recovery.left />
                    <MakeCodes audience left=recovery.left make />
                </section>
            }
            .into_any()
        } />
    }
}
