//! Settings, and the Services Manager with the policies of both audiences.

use super::{
    api::{SetAllowed, SetForbidden, get_services_manager},
    channels::Channels,
    routes::SERVICES_MANAGER_PATH,
    types::Policy,
};
use crate::{
    configuration::routes::CONFIGURATION_PATH,
    login::types::Audience,
    secondary_auth::routes::SECONDARY_AUTH_PATH,
    services::routes::SERVICES_PATH,
    ui::{
        form::{FormProblem, failure, forget},
        page::{Loaded, PageHead},
    },
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::components::A;

/// What can be set up.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <PageHead title=tr!(policy.settings) lead=tr!(policy.settings_lead) />
        <ul class="choices">
            <li>
                <a href=CONFIGURATION_PATH aria-label=tr!(configuration.open)>{tr!(configuration.title)}</a>
                <p class="hint">{tr!(configuration.hint)}</p>
            </li>
            <li>
                <a href=SERVICES_MANAGER_PATH aria-label=tr!(policy.open_services_manager)>{tr!(policy.services_manager)}</a>
                <p class="hint">{tr!(policy.services_manager_hint)}</p>
            </li>
        </ul>
    }
}

/// Service providers, secondary auths and the policies.
#[component]
pub fn ServicesManagerPage() -> impl IntoView {
    let set_allowed = ServerAction::<SetAllowed>::new();
    let set_forbidden = ServerAction::<SetForbidden>::new();
    forget(set_allowed, set_forbidden);
    forget(set_forbidden, set_allowed);
    let changes = move || (set_allowed.version().get(), set_forbidden.version().get());
    let overview = Resource::new(changes, |_| get_services_manager());
    view! {
        <PageHead title=tr!(policy.services_manager) lead=tr!(policy.lead) />
        <FormProblem error=failure(set_allowed) />
        <FormProblem error=failure(set_forbidden) />
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
            </ul>
            {overview
                .policies
                .into_iter()
                .map(|policy| view! { <PolicySection policy usable=overview.usable_secondary_auths set_allowed set_forbidden /> })
                .collect_view()}
        } />
    }
}

#[component]
fn PolicySection(
    policy: Policy,
    usable: u32,
    set_allowed: ServerAction<SetAllowed>,
    set_forbidden: ServerAction<SetForbidden>,
) -> impl IntoView {
    let key = policy.audience.as_str();
    let title = match policy.audience {
        Audience::Admin => tr!(policy.admin_authentication),
        Audience::Customer => tr!(policy.customer_authentication),
    };
    let heading = format!("{key}-authentication");
    let anchor = format!("{key}-two-factor");
    let label = format!("{key}-allowed");
    let hint = format!("{key}-allowed-hint");
    let described_by = hint.clone();
    view! {
        <section class="panel" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{title}</h2>
            <h3 id=anchor.clone()><a href=format!("#{anchor}") rel="external">{tr!(policy.two_factor_auth)}</a></h3>
            <ActionForm action=set_allowed>
                <input type="hidden" name="audience" value=key />
                <input type="hidden" name="allowed" value=(!policy.allowed).to_string() />
                <div class="toggle">
                    <span id=label.clone()>{tr!(policy.allowed)}</span>
                    <button
                        type="submit"
                        role="switch"
                        aria-checked=policy.allowed.to_string()
                        aria-labelledby=label
                        aria-describedby=described_by
                    >
                        {if policy.allowed { tr!(page.active) } else { tr!(page.inactive) }}
                    </button>
                </div>
            </ActionForm>
            <p class="hint" id=hint>{tr!(policy.enrolled, count = policy.enrolled)}</p>
            {(policy.allowed && usable == 0).then(|| view! { <p class="notice">{tr!(policy.nothing_usable)}</p> })}
        </section>
        <Channels audience=policy.audience forbidden=policy.forbidden set_forbidden />
    }
}
