//! Which channels an audience may use: a switch for each, and the confirmation before one that people use is forbidden.

use super::{
    api::{SetForbidden, check_forbid},
    routes::two_factor_auth_path,
    types::Concerned,
};
use crate::{
    error::AppError,
    login::types::Audience,
    services::{
        names::{channel_name, channel_proofs},
        types::Channel,
    },
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, failure},
        load::Load,
        page::{Crumb, LoadProblem, Loaded, PageHead},
        path_param,
        strength::StrengthNote,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// A switch for each channel.
#[component]
pub fn Channels(
    /// Whose policy.
    audience: Audience,
    /// The channels that it may not use.
    forbidden: Vec<Channel>,
    /// Forbids or permits one.
    set_forbidden: FormAction<SetForbidden>,
) -> impl IntoView {
    let key = audience.as_str();
    let heading = format!("{key}-channels");
    let title = match audience {
        Audience::Admin => tr!(strength.admin_channels),
        Audience::Customer => tr!(strength.customer_channels),
    };
    view! {
        <section class="panel" aria-labelledby=heading.clone()>
            <h2 id=heading.clone()>{title}</h2>
            <p class="hint">{tr!(strength.channels_hint)}</p>
            <ul class="channels">
                {Channel::ALL
                    .into_iter()
                    .map(|channel| {
                        let permitted = !forbidden.contains(&channel);
                        let label = format!("{key}-{}", channel.as_str());
                        view! {
                            <li>
                                <ActionForm action=set_forbidden>
                                    <input type="hidden" name="audience" value=key />
                                    <input type="hidden" name="kind" value=channel.as_str() />
                                    <input type="hidden" name="forbidden" value=permitted.to_string() />
                                    <div class="toggle">
                                        <span id=label.clone()>{channel_name(channel)}</span>
                                        <button type="submit" role="switch" aria-checked=permitted.to_string() aria-labelledby=label>
                                            {if permitted { tr!(strength.permitted) } else { tr!(strength.forbidden) }}
                                        </button>
                                    </div>
                                </ActionForm>
                                <StrengthNote channel />
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// Asks for confirmation before a channel that people use is forbidden.
#[component]
pub fn ForbidPage() -> impl IntoView {
    match (path_param("audience").parse(), path_param("kind").parse()) {
        (Ok(audience), Ok(channel)) => view! { <Question audience channel /> }.into_any(),
        _ => view! { <PageHead title=tr!(page.not_found_title) /> <LoadProblem error=AppError::NotFound /> }.into_any(),
    }
}

/// How many accounts use a channel, and how many of them have nothing else.
fn whom(concerned: &Concerned) -> String {
    let all = tr!(strength.forbid_accounts, count = concerned.accounts);
    if concerned.accounts == 0 {
        return all;
    }
    format!("{all} {}", tr!(strength.forbid_alone, count = concerned.alone))
}

#[component]
fn Question(audience: Audience, channel: Channel) -> impl IntoView {
    let set_forbidden = FormAction::<SetForbidden>::new();
    let concerned = Load::new(check_forbid(audience, channel));
    let title = match audience {
        Audience::Admin => tr!(strength.forbid_admins, kind = channel_proofs(channel)),
        Audience::Customer => tr!(strength.forbid_customers, kind = channel_proofs(channel)),
    };
    let page = two_factor_auth_path(audience);
    let cancel = page.clone();
    view! {
        <Crumb to=page title=tr!(policy.two_factor_auth) />
        <PageHead title />
        <Loaded resource=concerned view=move |concerned| {
            let cancel = cancel.clone();
            view! {
            <ActionForm action=set_forbidden attr:class="panel">
                <FormProblem error=failure(set_forbidden) />
                <p>{whom(&concerned)}</p>
                <p>
                    {match audience {
                        Audience::Admin => tr!(strength.forbid_effect_admins),
                        Audience::Customer => tr!(strength.forbid_effect_customers),
                    }}
                </p>
                <input type="hidden" name="audience" value=audience.as_str() />
                <input type="hidden" name="kind" value=channel.as_str() />
                <input type="hidden" name="forbidden" value="true" />
                <input type="hidden" name="confirmed" value="on" />
                <div class="buttons">
                    <button type="submit" class="danger">{tr!(strength.forbid)}</button>
                    <A href=cancel attr:class="quiet">{tr!(page.cancel)}</A>
                </div>
            </ActionForm>
            }
        } />
    }
}
