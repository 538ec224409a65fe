//! What becomes of a code's message, which moves by itself in browsers and by a reload elsewhere.

use super::{
    routes::{EVENTS_PATH, methods_page},
    types::{CodeScreen, Progress, Purpose, Stage},
    waiting::{Follow, Late},
};
use crate::{
    error::{DeliveryFailure, Refusal},
    island::island,
    login::types::Audience,
    services::types::Channel,
    ui::time::TimeOfDay,
};
use leptos::prelude::*;

/// Seconds without a code after which another way is suggested.
const LATE: u32 = 60;

/// What loads the page again once the message is further, as long as it moves.
pub fn follow(audience: Audience, purpose: Purpose, progress: &Progress) -> impl IntoView + use<> {
    let shown = serde_json::to_string(progress).ok().filter(|_| !progress.stage.is_final());
    shown.map(|shown| {
        let events = format!("{EVENTS_PATH}?audience={}&purpose={}", audience.as_str(), purpose.as_str());
        island(Follow { events, shown })
    })
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
        // The screen may know the server's own answer beside it.
        Stage::Refused | Stage::PutOff => failure.map(told).filter(|told| !is_same(told, before.as_ref())).or(before),
        Stage::Queued | Stage::Sending => before,
    }
}

/// Whether both tell the same failure, whatever the server answered.
fn is_same(told: &Refusal, before: Option<&Refusal>) -> bool {
    use Refusal::{NotDelivered, TextNotDelivered};
    match (told, before) {
        (NotDelivered(told), Some(NotDelivered(before))) | (TextNotDelivered(told), Some(TextNotDelivered(before))) => {
            told.kind == before.kind
        }
        _ => false,
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
    let moves = !stage.is_final();
    view! {
        <p class="progress">{words} {at}</p>
        {moves.then(|| view! { <noscript><p class="hint">{tr!(challenge.reload)}</p></noscript> })}
    }
    .into_any()
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
    island(Late { left: LATE.saturating_sub(screen.age), texts: screen.kind == Channel::Sms, other }).into_any()
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
        let answered = Some(Refusal::NotDelivered(DeliveryFailure {
            kind: DeliveryFailureKind::Policy,
            answer: Some("550 no".to_owned()),
        }));
        assert_eq!(now(refused.clone(), answered.clone()), answered, "for those who read answers");
        let locked = || Some(Refusal::FactorLocked { minutes: 3 });
        assert_eq!(now(at(Stage::Accepted, None), locked()), locked(), "that is no matter of the message");
    }
}
