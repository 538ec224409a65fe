//! How much each kind of second factor protects: a word and a plain sentence.

use crate::services::types::{Kind, Strength};
use leptos::prelude::*;

/// The word.
pub fn strength_name(strength: Strength) -> String {
    match strength {
        Strength::Weaker => tr!(strength.weaker),
        Strength::Stronger => tr!(strength.stronger),
        Strength::Strongest => tr!(strength.strongest),
    }
}

/// What a kind protects against, and against what not.
pub fn protects(kind: Kind) -> String {
    match kind {
        Kind::Smtp => tr!(strength.smtp),
        Kind::Sms => tr!(strength.sms),
        Kind::Authenticator => tr!(strength.authenticator),
        Kind::Passkey => tr!(strength.passkey),
    }
}

/// The word beside a kind's name.
#[component]
pub fn StrengthBadge(
    /// The kind.
    kind: Kind,
) -> impl IntoView {
    let strong = kind.strength() != Strength::Weaker;
    view! { <span class="badge" class:on=strong>{strength_name(kind.strength())}</span> }
}

/// The word and the sentence.
#[component]
pub fn StrengthNote(
    /// The kind.
    kind: Kind,
) -> impl IntoView {
    view! { <p class="hint"><StrengthBadge kind /> " " {protects(kind)}</p> }
}
