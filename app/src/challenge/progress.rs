//! What becomes of a code's message, which moves by itself in browsers and by a reload elsewhere.

#[cfg(feature = "hydrate")]
use super::{events::Events, routes::EVENTS_PATH};
use super::{
    routes::methods_page,
    types::{CodeScreen, Progress, Purpose, Stage},
};
use crate::{
    error::{DeliveryFailure, Refusal},
    login::types::Audience,
    services::types::Channel,
    ui::time::TimeOfDay,
};
use leptos::prelude::*;
use std::time::Duration;

/// Seconds without a code after which another way is suggested.
const LATE: u32 = 60;

/// Loads the page again as soon as the message is further than `shown`.
#[island]
pub(crate) fn Follow(
    /// Whose page it is.
    audience: Audience,
    /// What is proved.
    purpose: Purpose,
    /// How far it was when the page was made.
    shown: Progress,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        let address = format!("{EVENTS_PATH}?audience={}&purpose={}", audience.as_str(), purpose.as_str());
        let shown = shown.clone();
        let events = Events::open(&address, move |heard| {
            if heard != shown {
                crate::navigation::load_again();
            }
        });
        let events = StoredValue::new_local(events);
        on_cleanup(move || drop(events.try_update_value(Option::take)));
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (audience, purpose, shown);
}

/// Why there is no code, as far as the message is the reason. `before` is what the page was loaded with.
pub fn problem_now(progress: Option<&Progress>, kind: Channel, before: Option<Refusal>) -> Option<Refusal> {
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
    progress: Progress,
    /// What it is sent by.
    kind: Channel,
) -> impl IntoView {
    let Progress { stage, at, .. } = progress;
    let texts = kind == Channel::Sms;
    let words = match stage {
        Stage::Queued => tr!(challenge.queued),
        Stage::Sending if texts => tr!(challenge.text_sending),
        Stage::Sending => tr!(challenge.sending),
        Stage::PutOff => tr!(challenge.put_off),
        Stage::Accepted if texts => tr!(challenge.text_accepted),
        Stage::Accepted => tr!(challenge.accepted),
        // The reason stands above.
        Stage::Refused => return ().into_any(),
    };
    let at = at.map(|at| view! { " " <TimeOfDay at /> });
    view! { <p class="progress">{words} {at}</p> }.into_any()
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
    let other = screen.has_other_methods.then(|| methods_page(audience, purpose, &to));
    view! { <Late left=LATE.saturating_sub(screen.age) texts=screen.kind == Channel::Sms other /> }.into_any()
}

/// Appears when the time is over.
#[island]
fn Late(
    /// Seconds until then.
    left: u32,
    /// Whether the code comes by text message.
    texts: bool,
    /// The page of the other methods, where there are some.
    other: Option<String>,
) -> impl IntoView {
    let (late, set_late) = signal(left == 0);
    Effect::new(move |_| {
        let timer = set_timeout_with_handle(move || set_late.set(true), Duration::from_secs(left.into()));
        on_cleanup(move || {
            if let Ok(timer) = timer {
                timer.clear();
            }
        });
    });
    view! {
        <div role="status">
            {move || {
                late.get().then(|| {
                    let other = other.clone().map(|page| view! { " " <a href=page>{tr!(challenge.late_other)}</a> });
                    let words = if texts { tr!(challenge.text_late) } else { tr!(challenge.late) };
                    view! { <p class="notice">{words} {other}</p> }
                })
            }}
        </div>
    }
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
        let now = |progress: Option<Progress>, before| problem_now(progress.as_ref(), Channel::Smtp, before);
        assert_eq!(now(at(Stage::Accepted, Some(DeliveryFailureKind::TimedOut)), late()), None);
        assert_eq!(now(at(Stage::Sending, None), late()), late());
        assert_eq!(now(None, late()), late());
        let refused = at(Stage::Refused, Some(DeliveryFailureKind::Policy));
        assert_eq!(now(refused.clone(), late()), Some(failure(DeliveryFailureKind::Policy)));
        assert_eq!(now(refused.clone(), None), Some(failure(DeliveryFailureKind::Policy)));
        assert!(matches!(problem_now(refused.as_ref(), Channel::Sms, None), Some(Refusal::TextNotDelivered(_))));
        let locked = || Some(Refusal::FactorLocked { minutes: 3 });
        assert_eq!(now(at(Stage::Accepted, None), locked()), locked(), "that is no matter of the message");
    }
}
