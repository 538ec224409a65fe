//! The page behind the link in a notice. Opening it changes nothing, since programs that check mail open links too.

use super::{
    api::{StopThem, get_disputed},
    types::{Disputed, Then},
};
use crate::{
    audit::names::action,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        form::{FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{DeadLinkNotice, Loaded, PageHead, living},
        path_param,
        time::Time,
    },
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::A;

/// Says what happened and what the button does.
#[component]
pub fn NotMePage() -> impl IntoView {
    let token = path_param("token");
    let link = Load::new({
        let token = token.clone();
        async move { living(get_disputed(token).await) }
    });
    view! {
        <EntryFrame home="/">
            <PageHead title=tr!(not_me.title) />
            <Loaded resource=link view=move |link| match link {
                Some(disputed) => Either::Left(view! { <Question disputed token=token.clone() /> }),
                None => Either::Right(view! { <DeadLink /> }),
            } />
        </EntryFrame>
    }
}

#[component]
fn Question(disputed: Disputed, token: String) -> impl IntoView {
    let stop = FormAction::<StopThem>::new();
    let password = match disputed.then {
        Then::Link => tr!(not_me.effect_password),
        Then::Hold => tr!(not_me.effect_held),
        Then::Alone => tr!(not_me.effect_alone),
    };
    view! {
        <p class="lead">{tr!(not_me.lead)}</p>
        <dl>
            <dt>{tr!(not_me.account)}</dt>
            <dd>{disputed.email}</dd>
            <dt>{tr!(not_me.what)}</dt>
            <dd>{action(disputed.what)}</dd>
            <dt>{tr!(not_me.when)}</dt>
            <dd><Time at=disputed.time utc=true /></dd>
        </dl>
        <p id="effect">{tr!(not_me.effect)}</p>
        <ul aria-labelledby="effect">
            <li>{tr!(not_me.effect_sessions)}</li>
            <li>{password}</li>
            <li>{tr!(not_me.effect_admins)}</li>
            <li>{tr!(not_me.effect_factor)}</li>
        </ul>
        <ActionForm action=stop>
            <FormProblem error=failure(stop) />
            <input type="hidden" name="token" value=token />
            <SubmitButton label=tr!(not_me.confirm) />
        </ActionForm>
        <p class="hint">{tr!(not_me.nothing)}</p>
    }
}

/// The link does not work. A new password is the next best thing; both, because a dead link does not say whose it was.
#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <DeadLinkNotice />
        <p>{tr!(not_me.dead_hint)}</p>
        <p><A href=Audience::Customer.forgot_path()>{tr!(not_me.new_password)}</A></p>
        <p><A href=Audience::Admin.forgot_path()>{tr!(not_me.new_password_admin)}</A></p>
    }
}
