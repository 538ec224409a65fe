//! The page of the dashboard.

use super::{
    api::get_dashboard,
    chart::{ShareChart, counts, grouped, percent},
    steps::SetUp,
    types::{Dashboard, FailedDelivery, ProviderFailure, ProviderHealth, Share},
};
use crate::{
    account::advice::AdviceNotices,
    approvals::routes::APPROVALS_PATH,
    audit::{
        names,
        routes::{AUDIT_PATH, path_of},
        types::{AuditEvent, AuditQuery, Outcome},
    },
    delivery::{names as delivery_names, table::Reason},
    login::types::Audience,
    services::routes::service_path,
    texts::spoken,
    ui::{
        load::Load,
        page::{Loaded, PageHead},
        table::Table,
        time::Time,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;

/// The console's first page.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let dashboard = Load::new(get_dashboard());
    view! {
        <PageHead title=tr!(dashboard.title) lead=tr!(dashboard.lead) />
        <AdviceNotices audience=Audience::Admin />
        <Loaded resource=dashboard view=|dashboard: Dashboard| view! {
            {dashboard
                .insecure
                .then(|| view! {
                    <p class="notice problem">{tr!(dashboard.insecure, url = dashboard.public_url.clone())}</p>
                })}
            {(dashboard.approvals > 0).then(|| view! {
                <p class="notice">
                    {tr!(approvals.waiting, count = dashboard.approvals)} " "
                    <A href=APPROVALS_PATH>{tr!(approvals.open)}</A>
                </p>
            })}
            <PausedProviders providers=dashboard.providers.clone() />
            <SetUp steps=dashboard.steps url=dashboard.public_url />
            <section class="panel" aria-labelledby="protection">
                <h2 id="protection">{tr!(dashboard.protection)}</h2>
                <p class="hint">{tr!(dashboard.protection_hint)}</p>
                <ul class="figures">
                    <Figure name=tr!(dashboard.admins) share=dashboard.admins />
                    <Figure name=tr!(dashboard.customers) share=dashboard.customers />
                </ul>
                <ShareChart days=dashboard.days />
            </section>
            <Providers providers=dashboard.providers />
            <FailedDeliveries failed=dashboard.failed_deliveries />
            <FailedSignIns failed=dashboard.failed_sign_ins />
        } />
    }
}

/// Which providers are left alone after failures in a row.
#[component]
fn PausedProviders(providers: Vec<ProviderHealth>) -> impl IntoView {
    providers
        .into_iter()
        .filter_map(|provider| {
            let pause = provider.paused.filter(|_| provider.active)?;
            let [since, until] = [pause.since, pause.until].map(|at| spoken().moment(&at));
            let title = provider.title;
            Some(view! { <p class="notice problem">{tr!(dashboard.paused_notice, title = title, since = since, until = until)}</p> })
        })
        .collect_view()
}

#[component]
fn Figure(name: String, share: Share) -> impl IntoView {
    let text = if share.accounts == 0 { tr!(dashboard.no_accounts) } else { counts(share) };
    view! {
        <li>
            <span>{name}</span>
            {(share.accounts > 0).then(|| view! { <strong>{percent(share)}</strong> })}
            <span class="hint">{text}</span>
        </li>
    }
}

#[component]
fn Providers(providers: Vec<ProviderHealth>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="providers">
            <h2 id="providers">{tr!(dashboard.providers)}</h2>
            {if providers.is_empty() {
                view! { <p class="hint">{tr!(dashboard.no_providers)}</p> }.into_any()
            } else {
                view! { <ProviderTable providers /> }.into_any()
            }}
        </section>
    }
}

#[component]
fn ProviderTable(providers: Vec<ProviderHealth>) -> impl IntoView {
    let never = || tr!(dashboard.never);
    view! {
        <Table columns=[
            tr!(dashboard.provider),
            tr!(dashboard.status),
            tr!(dashboard.last_success),
            tr!(dashboard.last_failure),
            tr!(dashboard.sent_day),
            tr!(dashboard.failed_day),
        ]>
            {providers
                .into_iter()
                .map(|provider| view! {
                    <tr>
                        <td><A href=service_path(provider.id)>{provider.title}</A></td>
                        <td data-label=tr!(dashboard.status)>
                            <span class="badge" class:on=provider.active && provider.paused.is_none() class:bad=provider.paused.is_some()>
                                {match (provider.active, &provider.paused) {
                                    (false, _) => tr!(page.inactive),
                                    (true, Some(_)) => tr!(dashboard.paused),
                                    (true, None) => tr!(page.active),
                                }}
                            </span>
                        </td>
                        <td data-label=tr!(dashboard.last_success)>
                            <Time at=provider.last_success.unwrap_or_else(never) utc=true />
                        </td>
                        <td data-label=tr!(dashboard.last_failure)>
                            {match provider.last_failure {
                                Some(ProviderFailure { time, failure }) => {
                                    view! { <div><Time at=time utc=true /><br /><Reason failure by_text=provider.texts /></div> }.into_any()
                                }
                                None => never().into_any(),
                            }}
                        </td>
                        <td data-label=tr!(dashboard.sent_day)>{grouped(provider.sent)}</td>
                        <td data-label=tr!(dashboard.failed_day)>{grouped(provider.failed)}</td>
                    </tr>
                })
                .collect_view()}
        </Table>
    }
}

#[component]
fn FailedDeliveries(failed: Vec<FailedDelivery>) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="failed-deliveries">
            <h2 id="failed-deliveries">{tr!(dashboard.failed_deliveries)}</h2>
            {if failed.is_empty() {
                view! { <p class="hint">{tr!(dashboard.no_failed_deliveries)}</p> }.into_any()
            } else {
                view! {
                    <Table columns=[
                        tr!(dashboard.time),
                        tr!(dashboard.message),
                        tr!(dashboard.to),
                        tr!(dashboard.reason),
                        tr!(audit.title),
                    ]>
                        {failed
                            .into_iter()
                            .map(|delivery| view! {
                                <tr>
                                    <td><Time at=delivery.time utc=true /></td>
                                    <td data-label=tr!(dashboard.message)>{delivery_names::kind(delivery.kind)}</td>
                                    <td class="free" data-label=tr!(dashboard.to)>{delivery.to.clone()}</td>
                                    <td data-label=tr!(dashboard.reason)><div><Reason failure=delivery.failure by_text=delivery.to.starts_with('+') /></div></td>
                                    <td class="actions"><LogLink text=tr!(audit.title) account=delivery.account /></td>
                                </tr>
                            })
                            .collect_view()}
                    </Table>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn FailedSignIns(failed: Vec<AuditEvent>) -> impl IntoView {
    let failures = AuditQuery { outcome: Outcome::Failure.as_str().to_owned(), ..AuditQuery::default() };
    view! {
        <section class="panel" aria-labelledby="failed-sign-ins">
            <h2 id="failed-sign-ins">{tr!(dashboard.failed_sign_ins)}</h2>
            {if failed.is_empty() {
                view! { <p class="hint">{tr!(dashboard.no_failed_sign_ins)}</p> }.into_any()
            } else {
                view! {
                    <Table columns=[
                        tr!(dashboard.time),
                        tr!(dashboard.what),
                        tr!(audit.account),
                        tr!(audit.address),
                    ]>
                        {failed.into_iter().map(|event| view! { <FailedSignInRow event /> }).collect_view()}
                    </Table>
                    <p><A href=path_of(AUDIT_PATH, &failures)>{tr!(dashboard.all_failures)}</A></p>
                }
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn FailedSignInRow(event: AuditEvent) -> impl IntoView {
    // Before the password was right, the event has the account only as its subject.
    let account = event.account.or(event.subject);
    view! {
        <tr>
            <td><Time at=event.time utc=true /></td>
            <td data-label=tr!(dashboard.what)>{names::action_name(&event.action)}</td>
            <td class="free address" data-label=tr!(audit.account)>
                {match account {
                    Some(account) => view! { <LogLink text=account.clone() account /> }.into_any(),
                    None => tr!(audit.unknown).into_any(),
                }}
            </td>
            <td class="free" data-label=tr!(audit.address)>{event.address}</td>
        </tr>
    }
}

/// Leads to what the log knows about an account.
#[component]
fn LogLink(text: String, account: String) -> impl IntoView {
    let query = AuditQuery { account: account.clone(), ..AuditQuery::default() };
    view! {
        <A href=path_of(AUDIT_PATH, &query) attr:aria-label=tr!(dashboard.open_log, account = account)>
            {text}
        </A>
    }
}
