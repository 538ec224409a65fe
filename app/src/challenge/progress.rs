//! What becomes of a code's message, which moves by itself in browsers and by a reload elsewhere.

use super::{
    events::Events,
    routes::{EVENTS_PATH, methods_page},
    types::{CodeScreen, Progress, Purpose, Stage},
};
use crate::{
    error::{DeliveryFailure, Refusal},
    login::types::Audience,
    services::types::Channel,
    ui::time::TimeOfDay,
};
use leptos::prelude::*;
use leptos_router::components::A;
use std::time::Duration;

/// Seconds without a code after which another way is suggested.
const LATE: u32 = 60;

/// How far the message is, from now on.
pub fn follow(audience: Audience, purpose: Purpose, screen: &CodeScreen) -> RwSignal<Option<Progress>> {
    let progress = RwSignal::new(screen.progress.clone());
    let moves = screen.progress.as_ref().is_some_and(|progress| !progress.stage.is_final());
    if moves {
        Effect::new(move |_| {
            let address = format!("{EVENTS_PATH}?audience={}&purpose={}", audience.as_str(), purpose.as_str());
            let events = Events::open(&address, move |heard| progress.set(Some(heard)));
            let events = StoredValue::new_local(events);
            on_cleanup(move || drop(events.try_update_value(Option::take)));
        });
    }
    progress
}

/// Why there is no code, as far as the message is the reason. `before` is what the page was loaded with.
pub fn problem_now(progress: Option<Progress>, kind: Channel, before: Option<Refusal>) -> Option<Refusal> {
    let delivery = matches!(before, None | Some(Refusal::NotDelivered(_) | Refusal::TextNotDelivered(_)));
    let Some(progress) = progress.filter(|_| delivery) else { return before };
    let failure = progress.failure.map(|kind| DeliveryFailure { kind, answer: None });
    let told = |failure| {
        if kind == Channel::Sms { Refusal::TextNotDelivered(failure) } else { Refusal::NotDelivered(failure) }
    };
    match progress.stage {
        Stage::Accepted => None,
        Stage::Refused | Stage::PutOff => failure.map(told).or(before),
        Stage::Queued | Stage::Sending => before,
    }
}

/// How far the message is, in one line.
#[component]
pub fn ProgressLine(
    /// The message.
    progress: RwSignal<Option<Progress>>,
    /// What it is sent by.
    kind: Channel,
) -> impl IntoView {
    let texts = kind == Channel::Sms;
    move || {
        let Progress { stage, at, .. } = progress.get()?;
        let words = match stage {
            Stage::Queued => tr!(challenge.queued),
            Stage::Sending if texts => tr!(challenge.text_sending),
            Stage::Sending => tr!(challenge.sending),
            Stage::PutOff => tr!(challenge.put_off),
            Stage::Accepted if texts => tr!(challenge.text_accepted),
            Stage::Accepted => tr!(challenge.accepted),
            // The reason stands above.
            Stage::Refused => return None,
        };
        let at = at.map(|at| view! { " " <TimeOfDay at /> });
        Some(view! { <p class="progress">{words} {at}</p> })
    }
}

/// Once a code is late: what else there is to do.
#[component]
pub fn LateHint(
    /// Whose page it is.
    audience: Audience,
    /// What is proved.
    purpose: Purpose,
    /// The challenge.
    screen: CodeScreen,
    /// Where a step-up leads back to.
    #[prop(into)]
    to: String,
) -> impl IntoView {
    if !screen.kind.sends() || screen.progress.is_none() {
        return ().into_any();
    }
    let (late, set_late) = signal(screen.age >= LATE);
    let left = LATE.saturating_sub(screen.age);
    Effect::new(move |_| {
        let timer = set_timeout_with_handle(move || set_late.set(true), Duration::from_secs(left.into()));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    let texts = screen.kind == Channel::Sms;
    let methods = screen.has_other_methods.then(|| methods_page(audience, purpose, &to));
    view! {
        <div role="status">
            {move || {
                late.get().then(|| {
                    let other = methods.clone().map(|page| view! { " " <A href=page>{tr!(challenge.late_other)}</A> });
                    let words = if texts { tr!(challenge.text_late) } else { tr!(challenge.late) };
                    view! { <p class="notice">{words} {other}</p> }
                })
            }}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::DeliveryFailureKind;

    #[test]
    fn what_is_told_follows_the_message_and_nothing_else() {
        let failure = |kind| Refusal::NotDelivered(DeliveryFailure { kind, answer: None });
        let at = |stage, failure| Some(Progress { reference: String::new(), stage, at: None, failure });
        let late = || Some(failure(DeliveryFailureKind::TimedOut));
        let now = |progress, before| problem_now(progress, Channel::Smtp, before);
        assert_eq!(now(at(Stage::Accepted, Some(DeliveryFailureKind::TimedOut)), late()), None);
        assert_eq!(now(at(Stage::Sending, None), late()), late());
        assert_eq!(now(None, late()), late());
        let refused = at(Stage::Refused, Some(DeliveryFailureKind::Policy));
        assert_eq!(now(refused.clone(), late()), Some(failure(DeliveryFailureKind::Policy)));
        assert_eq!(now(refused.clone(), None), Some(failure(DeliveryFailureKind::Policy)));
        assert!(matches!(problem_now(refused, Channel::Sms, None), Some(Refusal::TextNotDelivered(_))));
        let locked = || Some(Refusal::FactorLocked { minutes: 3 });
        assert_eq!(now(at(Stage::Accepted, None), locked()), locked(), "that is no matter of the message");
    }
}
