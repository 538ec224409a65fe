//! What can be set up, and the Services Manager with the policies of both audiences.

use super::{
    api::get_services_manager,
    routes::{SERVICES_MANAGER_PATH, SETUP_PATH, two_factor_auth_path},
    two_factor::{concerned, section_title},
    types::Policy,
};
use crate::{
    approvals::routes::APPROVALS_PATH,
    brand::routes::BRAND_PATH,
    configuration::routes::CONFIGURATION_PATH,
    delivery::routes::DELIVERIES_PATH,
    message_templates::routes::MESSAGE_TEMPLATES_PATH,
    secondary_auth::routes::SECONDARY_AUTH_PATH,
    services::routes::SERVICES_PATH,
    ui::{
        load::Load,
        page::{Crumb, Loaded, PageHead},
    },
    users::routes::USERS_PATH,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// What can be set up.
#[component]
pub fn SetupPage() -> impl IntoView {
    view! {
        <PageHead title=tr!(frame.setup) lead=tr!(policy.settings_lead) />
        <ul class="choices">
            <li>
                <a href=CONFIGURATION_PATH aria-label=tr!(configuration.open)>{tr!(configuration.title)}</a>
                <p class="hint">{tr!(configuration.hint)}</p>
            </li>
            <li>
                <a href=BRAND_PATH aria-label=tr!(brand.open)>{tr!(brand.title)}</a>
                <p class="hint">{tr!(brand.hint)}</p>
            </li>
            <li>
                <a href=MESSAGE_TEMPLATES_PATH aria-label=tr!(message_templates.open)>{tr!(message_templates.title)}</a>
                <p class="hint">{tr!(message_templates.hint)}</p>
            </li>
            <li>
                <a href=SERVICES_MANAGER_PATH aria-label=tr!(policy.open_services_manager)>{tr!(policy.services_manager)}</a>
                <p class="hint">{tr!(policy.services_manager_hint)}</p>
            </li>
            <li>
                <a href=APPROVALS_PATH aria-label=tr!(approvals.open)>{tr!(approvals.title)}</a>
                <p class="hint">{tr!(approvals.hint)}</p>
            </li>
            <li>
                <a href=USERS_PATH aria-label=tr!(users.open)>{tr!(users.title)}</a>
                <p class="hint">{tr!(users.lead)}</p>
            </li>
        </ul>
    }
}

/// Service providers, secondary auths and the policies.
#[component]
pub fn ServicesManagerPage() -> impl IntoView {
    let overview = Load::new(get_services_manager());
    view! {
        <Crumb to=SETUP_PATH title=tr!(frame.setup) />
        <PageHead title=tr!(policy.services_manager) />
        <ol class="lead">
            <li>{tr!(policy.step_add)}</li>
            <li>{tr!(policy.step_offer)}</li>
            <li>{tr!(policy.step_turn_on)}</li>
        </ol>
        <Loaded resource=overview view=move |overview| view! {
            <ul class="choices">
                <li>
                    <A href=SERVICES_PATH>{tr!(services.title)}</A>
                    <p class="hint">{tr!(policy.services_hint, count = overview.active_services)}</p>
                </li>
                <li>
                    <A href=SECONDARY_AUTH_PATH>{tr!(secondary_auth.title)}</A>
                    <p class="hint">{tr!(policy.secondary_auth_hint, count = overview.usable_secondary_auths)}</p>
                </li>
                <li>
                    <A href=DELIVERIES_PATH>{tr!(deliveries.title)}</A>
                    <p class="hint">{tr!(policy.deliveries_hint)}</p>
                </li>
            </ul>
            {overview
                .policies
                .into_iter()
                .map(|policy| view! { <PolicySection policy usable=overview.usable_secondary_auths /> })
                .collect_view()}
        } />
    }
}

/// How the policy of an audience stands, and the way to its page.
#[component]
fn PolicySection(policy: Policy, usable: u32) -> impl IntoView {
    let heading = format!("{}-authentication", policy.audience.as_str());
    view! {
        <section class="panel" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{section_title(policy.audience)}</h2>
            <div class="row-link">
                <div class="state">
                    <A href=two_factor_auth_path(policy.audience)>{tr!(policy.two_factor_auth)}</A>
                    <span class="badge" class:on=policy.allowed>
                        {if policy.allowed { tr!(page.active) } else { tr!(page.inactive) }}
                    </span>
                </div>
                <p class="hint">{concerned(&policy, usable)}</p>
            </div>
            {(policy.allowed && usable == 0).then(|| view! { <p class="notice">{tr!(policy.nothing_usable)}</p> })}
        </section>
    }
}
