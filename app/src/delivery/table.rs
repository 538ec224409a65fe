//! Messages as rows, each with its attempts to unfold.

use super::{
    names,
    routes::deliveries_path,
    types::{Delivery, DeliveryAttempt, DeliveryQuery, DeliveryState},
};
use crate::{
    error::{DeliveryFailure, DeliveryFailureKind},
    ui::{address::Address, messages, table::Table, time::Time},
    users::routes::account_path,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// Messages, newest first.
#[component]
pub fn DeliveryTable(
    /// The messages.
    deliveries: Vec<Delivery>,
    /// Whether the table is a panel itself, and not a part of one.
    #[prop(optional)]
    panel: bool,
    /// Whether the rows tell whom they are for.
    #[prop(optional)]
    people: bool,
) -> impl IntoView {
    view! {
        <Table
            panel=panel
            columns=[
                tr!(deliveries.time),
                tr!(deliveries.message),
                tr!(deliveries.to),
                tr!(deliveries.provider),
                tr!(deliveries.state),
                tr!(deliveries.attempts),
            ]
        >
            {deliveries.into_iter().map(|delivery| view! { <Row delivery people /> }).collect_view()}
        </Table>
    }
}

/// The last messages of one account, as a section of its page.
#[component]
pub fn LastDeliveries(
    /// The messages.
    deliveries: Vec<Delivery>,
    /// The account's address.
    email: String,
) -> impl IntoView {
    let all = deliveries_path(&DeliveryQuery { person: email, ..DeliveryQuery::default() });
    view! {
        <section class="panel" aria-labelledby="account-deliveries">
            <h2 id="account-deliveries">{tr!(deliveries.title)}</h2>
            {if deliveries.is_empty() {
                view! { <p class="hint">{tr!(deliveries.none_of_account)}</p> }.into_any()
            } else {
                view! {
                    <DeliveryTable deliveries />
                    <p><A href=all>{tr!(deliveries.all_of_account)}</A></p>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Row(delivery: Delivery, people: bool) -> impl IntoView {
    let Delivery { time, kind, person, destination, by_text, provider, state, moment, attempts, .. } = delivery;
    let person = person.filter(|_| people);
    view! {
        <tr>
            <td><Time at=time /></td>
            <td data-label=tr!(deliveries.message)>{names::kind(kind)}</td>
            <td class="free address" data-label=tr!(deliveries.to)>
                <div>
                    <Address of=destination />
                    {person.map(|person| view! {
                        <p class="hint"><A href=account_path(person.audience, person.id)><Address of=person.email /></A></p>
                    })}
                </div>
            </td>
            <td class="free" data-label=tr!(deliveries.provider)>{provider.unwrap_or_else(|| tr!(deliveries.no_provider))}</td>
            <td data-label=tr!(deliveries.state)>
                <div>
                    <StateBadge state />
                    {moment.map(|moment| view! { <p class="hint"><Time at=moment /></p> })}
                </div>
            </td>
            <td class="free" data-label=tr!(deliveries.attempts)><Attempts attempts by_text /></td>
        </tr>
    }
}

#[component]
fn StateBadge(state: DeliveryState) -> impl IntoView {
    let class = match state {
        DeliveryState::Accepted => "badge on",
        DeliveryState::Failed | DeliveryState::Expired => "badge bad",
        DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Retrying | DeliveryState::Dropped => "badge",
    };
    view! { <span class=class>{names::state(state)}</span> }
}

#[component]
fn Attempts(attempts: Vec<DeliveryAttempt>, by_text: bool) -> impl IntoView {
    if attempts.is_empty() {
        return view! { <span class="hint">{tr!(deliveries.no_attempts)}</span> }.into_any();
    }
    let count = u32::try_from(attempts.len()).unwrap_or(u32::MAX);
    view! {
        <details class="attempts">
            <summary>{tr!(deliveries.attempt_count, count = count)}</summary>
            <ol>{attempts.into_iter().map(|attempt| view! { <Attempt attempt by_text /> }).collect_view()}</ol>
        </details>
    }
    .into_any()
}

#[component]
fn Attempt(attempt: DeliveryAttempt, by_text: bool) -> impl IntoView {
    let provider = attempt.provider.unwrap_or_else(|| tr!(deliveries.no_provider));
    let took = tr!(deliveries.took, count = attempt.seconds);
    view! {
        <li>
            <p><Time at=attempt.time /> " · " {provider} " · " {took}</p>
            {match attempt.failure {
                Some(failure) => view! { <div><Reason failure=Some(failure) by_text /></div> }.into_any(),
                None => view! { <p>{tr!(deliveries.taken)}</p> }.into_any(),
            }}
        </li>
    }
}

/// Why a message did not arrive, with the provider's answer.
#[component]
pub fn Reason(
    /// The failure; nothing where the message expired first.
    failure: Option<DeliveryFailure>,
    /// Whether it goes as a text message.
    by_text: bool,
) -> impl IntoView {
    let Some(failure) = failure else { return tr!(dashboard.gave_up).into_any() };
    let reason = match failure.kind {
        DeliveryFailureKind::Inactive => tr!(dashboard.no_provider),
        kind if by_text => messages::text_delivery_admin(kind),
        kind => messages::delivery_admin(kind),
    };
    view! {
        {reason}
        {failure.answer.map(|answer| view! { <p class="answer">{tr!(delivery_admin.answer)} " " <code>{answer}</code></p> })}
    }
    .into_any()
}
