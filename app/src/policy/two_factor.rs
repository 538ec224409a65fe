//! The page of an audience's second factor: whether it is allowed, by what, and whom that concerns.

use super::{
    api::{SetAllowed, SetForbidden, check_disallow, get_services_manager},
    channels::Channels,
    routes::{SERVICES_MANAGER_PATH, two_factor_auth_path},
    types::{Policy, ServicesManager},
};
use crate::{
    error::AppError,
    login::types::Audience,
    services::{names::channel_name, types::Channel},
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::{Crumb, LoadProblem, Loaded, PageHead},
        path_param,
    },
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_query_map};

/// Whether an audience may use a second factor, and by which channels.
#[component]
pub fn TwoFactorAuthPage() -> impl IntoView {
    match path_param("audience").parse() {
        Ok(audience) => view! { <AudiencePage audience /> }.into_any(),
        Err(()) => view! { <NoSuchPage /> }.into_any(),
    }
}

#[component]
fn NoSuchPage() -> impl IntoView {
    view! { <PageHead title=tr!(page.not_found_title) /> <LoadProblem error=AppError::NotFound /> }
}

#[component]
fn AudiencePage(audience: Audience) -> impl IntoView {
    let set_allowed = FormAction::<SetAllowed>::new();
    let set_forbidden = FormAction::<SetForbidden>::new();
    let overview = Load::new(get_services_manager());
    let lead = match audience {
        Audience::Admin => tr!(policy.two_factor_lead_admins),
        Audience::Customer => tr!(policy.two_factor_lead_customers),
    };
    let failures = [failure(set_allowed), failure(set_forbidden)];
    view! {
        <Crumb to=SERVICES_MANAGER_PATH title=tr!(policy.services_manager) />
        <PageHead title=tr!(policy.two_factor_auth) lead />
        <ChangeNotice audience failures set_allowed set_forbidden />
        <FormProblem error=failures[0] />
        <FormProblem error=failures[1] />
        <Loaded resource=overview view=move |overview: ServicesManager| {
            let usable = overview.usable_secondary_auths;
            let policy = overview.policies.into_iter().find(|policy| policy.audience == audience);
            policy.map(|policy| {
                let forbidden = policy.forbidden.clone();
                view! {
                    <AllowedSection policy usable set_allowed />
                    <Channels audience forbidden set_forbidden />
                }
            })
        } />
    }
}

/// The heading of an audience's section.
pub fn section_title(audience: Audience) -> String {
    match audience {
        Audience::Admin => tr!(policy.admin_authentication),
        Audience::Customer => tr!(policy.customer_authentication),
    }
}

/// Whom the policy of an audience concerns, as it stands.
pub fn concerned(policy: &Policy, usable: u32) -> String {
    match (policy.enrolled, policy.allowed) {
        (0, _) => tr!(policy.enrolled_none),
        (count, true) if usable == 0 => tr!(policy.enrolled_unusable, count = count),
        (count, true) => tr!(policy.enrolled_asked, count = count),
        (count, false) => tr!(policy.enrolled_not_asked, count = count),
    }
}

#[component]
fn AllowedSection(policy: Policy, usable: u32, set_allowed: FormAction<SetAllowed>) -> impl IntoView {
    let key = policy.audience.as_str();
    view! {
        <section class="panel" aria-labelledby="section">
            <h2 id="section">{section_title(policy.audience)}</h2>
            <ActionForm action=set_allowed>
                <input type="hidden" name="audience" value=key />
                <input type="hidden" name="allowed" value=(!policy.allowed).to_string() />
                <div class="toggle">
                    <span id="allowed">{tr!(policy.allowed)}</span>
                    <button
                        type="submit"
                        role="switch"
                        aria-checked=policy.allowed.to_string()
                        aria-labelledby="allowed"
                        aria-describedby="concerned"
                    >
                        {if policy.allowed { tr!(page.active) } else { tr!(page.inactive) }}
                    </button>
                </div>
            </ActionForm>
            <p class="hint" id="concerned">{concerned(&policy, usable)}</p>
            {(policy.allowed && usable == 0).then(|| view! { <p class="notice">{tr!(policy.nothing_usable)}</p> })}
        </section>
    }
}

/// What a change on this page came to, with the way to take it back where it took protection away.
#[component]
fn ChangeNotice(
    audience: Audience,
    failures: [Signal<Option<AppError>>; 2],
    set_allowed: FormAction<SetAllowed>,
    set_forbidden: FormAction<SetForbidden>,
) -> impl IntoView {
    let query = use_query_map();
    move || {
        if failures.iter().any(|failure| failure.with(Option::is_some)) {
            return None;
        }
        let (done, kind) = query.with(|query| (query.get("done"), query.get("kind")));
        let channel = kind.and_then(|kind| kind.parse::<Channel>().ok());
        let (text, undo) = match (done?.as_str(), channel) {
            ("allowed", _) => (tr!(policy.done_allowed), None),
            ("disallowed", _) => {
                let form = view! {
                    <ActionForm action=set_allowed>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="allowed" value="true" />
                        <button type="submit" class="secondary">{tr!(page.undo)}</button>
                    </ActionForm>
                };
                (tr!(policy.done_disallowed), Some(form.into_any()))
            }
            ("permitted", Some(channel)) => (tr!(policy.done_permitted, kind = channel_name(channel)), None),
            ("forbidden", Some(channel)) => {
                let form = view! {
                    <ActionForm action=set_forbidden>
                        <input type="hidden" name="audience" value=audience.as_str() />
                        <input type="hidden" name="kind" value=channel.as_str() />
                        <input type="hidden" name="forbidden" value="false" />
                        <button type="submit" class="secondary">{tr!(page.undo)}</button>
                    </ActionForm>
                };
                (tr!(policy.done_forbidden, kind = channel_name(channel)), Some(form.into_any()))
            }
            _ => return None,
        };
        Some(view! { <div class="notice done with-undo" role="status"><p>{text}</p>{undo}</div> })
    }
}

/// Asks for confirmation before an audience loses its second factor.
#[component]
pub fn DisallowPage() -> impl IntoView {
    match path_param("audience").parse() {
        Ok(audience) => view! { <Question audience /> }.into_any(),
        Err(()) => view! { <NoSuchPage /> }.into_any(),
    }
}

#[component]
fn Question(audience: Audience) -> impl IntoView {
    let set_allowed = FormAction::<SetAllowed>::new();
    let enrolled = Load::new(check_disallow(audience));
    let page = two_factor_auth_path(audience);
    let cancel = page.clone();
    let title = match audience {
        Audience::Admin => tr!(policy.disallow_admins),
        Audience::Customer => tr!(policy.disallow_customers),
    };
    view! {
        <Crumb to=page title=tr!(policy.two_factor_auth) />
        <PageHead title />
        <Loaded resource=enrolled view=move |enrolled| {
            let cancel = cancel.clone();
            view! {
            <ActionForm action=set_allowed attr:class="panel">
                <FormProblem error=failure(set_allowed) />
                <p>
                    {if enrolled == 0 {
                        tr!(policy.enrolled_none)
                    } else {
                        tr!(policy.disallow_effect, count = enrolled)
                    }}
                </p>
                <p>{tr!(policy.disallow_kept)}</p>
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="allowed" value="false" />
                <input type="hidden" name="confirmed" value="on" />
                <div class="buttons">
                    <button type="submit" class="danger">{tr!(policy.turn_off)}</button>
                    <A href=cancel attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
            }
        } />
    }
}
