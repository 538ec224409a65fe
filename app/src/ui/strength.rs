//! How much each channel protects: a badge and a sentence.

use crate::services::types::{Channel, Strength};
use leptos::prelude::*;

/// The text of the badge.
pub fn strength_name(strength: Strength) -> String {
    match strength {
        Strength::Weaker => tr!(strength.weaker),
        Strength::Stronger => tr!(strength.stronger),
        Strength::Strongest => tr!(strength.strongest),
    }
}

/// What a channel protects against, and against what not.
pub fn protects(channel: Channel) -> String {
    match channel {
        Channel::Smtp => tr!(strength.smtp),
        Channel::Sms => tr!(strength.sms),
        Channel::Authenticator => tr!(strength.authenticator),
        Channel::Passkey => tr!(strength.passkey),
    }
}

/// The badge beside a channel's name.
#[component]
pub fn StrengthBadge(
    /// The channel.
    channel: Channel,
) -> impl IntoView {
    let strong = channel.strength() != Strength::Weaker;
    view! { <span class="badge" class:on=strong>{strength_name(channel.strength())}</span> }
}

/// The badge and the sentence.
#[component]
pub fn StrengthNote(
    /// The channel.
    channel: Channel,
) -> impl IntoView {
    view! { <p class="hint"><StrengthBadge channel /> " " {protects(channel)}</p> }
}
