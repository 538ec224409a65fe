//! The pages of one account, headed by the person: the caller's own, or someone else's with the actions that help.

use super::{
    account::{AccountDetails, Tab},
    activity::ActivityTab,
    api::{RenameMe, get_account},
    edit::EditAccount,
    list::FactorBadge,
    routes::{account_path, list_path, tab_path},
    two_factor::TwoFactorTab,
    types::Help,
};
use crate::{
    enrollment::page::OwnEntries,
    login::types::Audience,
    sessions::page::SessionTable,
    texts::spoken,
    ui::{
        action::{ActionForm, FormAction},
        field::Field,
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        icon::DeleteIcon,
        load::Load,
        page::{Crumb, Loaded, PageHead},
        path_param,
        tabs::Tabs,
        time::{Time, ZoneNote},
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use uuid::Uuid;

/// A page of one account.
#[component]
pub fn AccountPage(
    /// Its audience.
    audience: Audience,
    /// Which page.
    tab: Tab,
) -> impl IntoView {
    let account = Load::new(get_account(audience, path_param("id")));
    let (list, title) = match audience {
        Audience::Admin => (tr!(users.title), tr!(users.edit_title)),
        Audience::Customer => (tr!(customers.title), tr!(customers.edit_title)),
    };
    view! {
        <Crumb to=list_path(audience) title=list />
        <Transition fallback={
            let title = title.clone();
            move || view! { <PageHead title=title.clone() /> }
        }>
            {move || {
                let title = title.clone();
                Suspend::new(async move {
                    // Headed by the person, as soon as it is known who that is.
                    match account.await {
                        Ok(account) => view! { <Head audience account /> }.into_any(),
                        Err(_) => view! { <PageHead title /> }.into_any(),
                    }
                })
            }}
        </Transition>
        <DoneNotice />
        <Loaded resource=account view=move |account| {
            match tab {
                Tab::Details if account.me => view! { <Myself account /> }.into_any(),
                Tab::Details => view! { <SomebodyElse audience account /> }.into_any(),
                Tab::TwoFactor if account.me => view! { <OwnEntries audience=Audience::Admin /> }.into_any(),
                Tab::TwoFactor => view! { <TwoFactorTab audience account /> }.into_any(),
                Tab::Activity => view! { <ActivityTab audience account /> }.into_any(),
            }
        } />
    }
}

/// Who it is, in which state, and the account's pages. One's own second factor is on the first of them.
#[component]
fn Head(audience: Audience, account: AccountDetails) -> impl IntoView {
    let AccountDetails { id, name, email, me, factor, disabled_since, .. } = account;
    let tabs = [
        (Tab::Details, tr!(users.details)),
        (Tab::TwoFactor, tr!(users.two_factor)),
        (Tab::Activity, tr!(users.activity)),
    ];
    let tabs = tabs.into_iter().filter(|(tab, _)| !(me && *tab == Tab::TwoFactor));
    view! {
        <PageHead title=name lead=email />
        <p class="state">
            <span>{tr!(users.factor)}</span>
            <FactorBadge state=factor />
            {disabled_since.map(|_| view! { <span class="badge off">{tr!(users.disabled)}</span> })}
        </p>
        <Tabs label=tr!(users.tabs) tabs=tabs.map(|(tab, label)| (tab_path(audience, id, tab), label)).collect() />
    }
}

/// The caller's own name and second factor. Everything else is under My Profile.
#[component]
fn Myself(account: AccountDetails) -> impl IntoView {
    let rename = FormAction::<RenameMe>::new();
    let error = failure(rename);
    view! {
        <section class="panel" aria-labelledby="account-facts">
            <h2 id="account-facts">{tr!(users.yourself)}</h2>
            <ActionForm action=rename attr:novalidate="">
                <FormProblem error />
                <Field name="name" label=tr!(users.name) error value=account.name autocomplete="name" />
                <SubmitButton label=tr!(page.save) />
            </ActionForm>
            <p><A href=Audience::Admin.two_factor_path()>{tr!(users.more_of_mine)}</A></p>
        </section>
        <OwnEntries audience=Audience::Admin />
    }
}

#[component]
fn SomebodyElse(audience: Audience, account: AccountDetails) -> impl IntoView {
    let id = account.id;
    let (edited, acted_on, sessions) = (account.clone(), account.clone(), account.sessions.clone());
    view! {
        <Facts account />
        <EditAccount audience account=edited />
        <Actions audience account=acted_on tab=Tab::Details more=None />
        <section class="panel" aria-labelledby="account-sessions">
            <h2 id="account-sessions">{tr!(sessions.title)}</h2>
            {if sessions.is_empty() {
                view! { <p class="hint">{tr!(users.no_sessions)}</p> }.into_any()
            } else {
                view! { <SessionTable sessions action=move |item| end_link(audience, id, Help::EndSessions, item) /> }.into_any()
            }}
        </section>
        <p class="hint"><ZoneNote /></p>
    }
}

/// What an administrator can do about the account on one of its pages.
#[component]
pub fn Actions(
    /// The account's audience.
    audience: Audience,
    /// The account.
    account: AccountDetails,
    /// On which page.
    tab: Tab,
    /// What else there is, before them.
    more: Option<AnyView>,
) -> impl IntoView {
    let id = account.id;
    let help: Vec<_> = Help::ALL.into_iter().filter(|help| help.tab() == tab && help.is_offered(&account)).collect();
    (more.is_some() || !help.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="account-help">
                <h2 id="account-help">{tr!(users.help)}</h2>
                <ul class="buttons">
                    {more.map(|more| view! { <li>{more}</li> })}
                    {help
                        .into_iter()
                        .map(|help| view! {
                            <li><A href=help_path(audience, id, help) attr:class=help_class(help)>{help_label(help)}</A></li>
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}

fn in_utc(at: &str) -> String {
    format!("{} UTC", spoken().moment(at))
}

/// The state of the account.
#[component]
fn Facts(account: AccountDetails) -> impl IntoView {
    let mut states = Vec::new();
    if let Some(since) = &account.disabled_since {
        states.push(tr!(users.disabled_since, time = in_utc(since)));
    }
    if account.switched_off {
        states.push(tr!(users.switched_off));
    } else if let Some(until) = &account.locked_until {
        states.push(tr!(users.locked_until, time = in_utc(until)));
    }
    if account.wrong_codes > 0 {
        states.push(tr!(users.wrong_codes, count = account.wrong_codes));
    }
    if account.password_paused {
        states.push(tr!(users.password_paused));
    }
    if states.is_empty() {
        states.push(tr!(users.can_sign_in));
    }
    let language = account.language.map(|language| view! { <bdi lang=language.as_str()>{language.own_name()}</bdi> });
    view! {
        <section class="panel" aria-labelledby="account-facts">
            <h2 id="account-facts">{tr!(users.details)}</h2>
            <dl>
                <dt>{tr!(users.state)}</dt>
                <dd>{states.into_iter().map(|state| view! { <p>{state}</p> }).collect_view()}</dd>
                <dt>{tr!(users.last_sign_in)}</dt>
                <dd><Time at=account.last_sign_in.unwrap_or_else(|| tr!(users.never)) /></dd>
                <dt>{tr!(users.created)}</dt>
                <dd><Time at=account.created /></dd>
                <dt>{tr!(frame.language)}</dt>
                <dd>{match language {
                    Some(language) => language.into_any(),
                    None => tr!(users.no_language).into_any(),
                }}</dd>
            </dl>
        </section>
    }
}

/// The way to ending one session or device.
pub fn end_link(audience: Audience, id: Uuid, help: Help, item: Uuid) -> AnyView {
    view! {
        <A
            href=format!("{}?item={item}", help_path(audience, id, help))
            attr:class="icon-button danger"
            attr:aria-label=tr!(page.delete)
            attr:title=tr!(page.delete)
        >
            <DeleteIcon />
        </A>
    }
    .into_any()
}

/// Where an action is confirmed.
pub fn help_path(audience: Audience, id: Uuid, help: Help) -> String {
    format!("{}/{}", account_path(audience, id), help.as_str())
}

/// What cannot be taken back looks like it.
const fn help_class(help: Help) -> &'static str {
    match help {
        Help::Delete => "button secondary destructive",
        _ => "button secondary",
    }
}

/// The name of an action.
pub fn help_label(help: Help) -> String {
    match help {
        Help::ResetFactor => tr!(users.reset_factor),
        Help::RestoreEntry => tr!(page.restore),
        Help::Unlock => tr!(users.unlock),
        Help::Disable => tr!(users.disable),
        Help::Enable => tr!(users.enable),
        Help::EndSessions => tr!(users.end_sessions),
        Help::RevokeDevices => tr!(users.revoke_devices),
        Help::Delete => tr!(users.delete),
    }
}
