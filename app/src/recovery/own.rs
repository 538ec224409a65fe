//! The section of recovery codes on the two-factor page, and the form that makes new ones.

use super::{
    api::MakeRecoveryCodes,
    types::{FEW, SET},
};
use crate::{
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, SubmitButton, failure},
    },
};
use leptos::prelude::*;

/// How many codes are left, and making new ones.
#[component]
pub fn OwnRecoveryCodes(
    /// Whose page it is.
    audience: Audience,
    /// How many can still be used.
    left: u32,
    /// Makes new ones.
    make: FormAction<MakeRecoveryCodes>,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="recovery-codes">
            <h2 id="recovery-codes">{tr!(recovery.title)}</h2>
            <FormProblem error=failure(make) />
            <CodesLeft left />
            <MakeCodes audience left make />
        </section>
    }
}

/// How many codes are left, as a warning where they are few.
#[component]
pub fn CodesLeft(
    /// How many can still be used.
    left: u32,
) -> impl IntoView {
    view! {
        {match left {
            0 => view! { <p class="notice">{tr!(recovery.none_left)}</p> }.into_any(),
            1..=FEW => view! { <p class="notice">{tr!(recovery.few_left, count = left)}</p> }.into_any(),
            _ => view! { <p>{tr!(recovery.left, left = left, all = SET)}</p> }.into_any(),
        }}
    }
}

/// The form that makes new codes.
#[component]
pub fn MakeCodes(
    /// Whose page it is.
    audience: Audience,
    /// How many can still be used.
    left: u32,
    /// Makes new ones.
    make: FormAction<MakeRecoveryCodes>,
) -> impl IntoView {
    let label = if left == 0 { tr!(recovery.make) } else { tr!(recovery.make_new) };
    view! {
        <ActionForm action=make>
            <input type="hidden" name="audience" value=audience.as_str() />
            {(left > 0).then(|| view! { <p class="hint">{tr!(recovery.make_hint)}</p> })}
            <SubmitButton label />
        </ActionForm>
    }
}
