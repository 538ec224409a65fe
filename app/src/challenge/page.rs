//! The parts of the code screen, shared by signing in and enrolling.

use super::{
    progress::{LateHint, ProgressLine, follow, problem_now},
    types::{CodeScreen, Method, Purpose},
    waiting::SendNewCodeButton,
};
use crate::{
    error::{AppError, Refusal},
    island::island,
    login::types::Audience,
    passkey::{page::PasskeyButton, types::Ask},
    services::types::Channel,
    ui::{
        field::Field,
        form::{ProblemNotice, SubmitButton},
        load::Load,
        page::PageHead,
        query,
    },
};
use leptos::prelude::*;
use leptos_router::components::A;
use serde::{Serialize, de::DeserializeOwned};

/// Where the code went, or why it did not, unless the answer to a form on this page tells why already.
#[component]
pub fn CodeIntro(
    /// Whose page it is.
    audience: Audience,
    /// What is proved.
    purpose: Purpose,
    /// The challenge.
    screen: CodeScreen,
    /// The failures of the forms on this page.
    #[prop(into)]
    failures: Vec<Signal<Option<AppError>>>,
    /// Where another destination is entered, while one is set up.
    #[prop(default = None)]
    change: Option<String>,
    /// Where a step-up leads back to.
    #[prop(optional, into)]
    to: String,
) -> impl IntoView {
    match screen.kind {
        Channel::Smtp | Channel::Sms => view! { <SentIntro audience purpose screen failures change to /> }.into_any(),
        Channel::Authenticator | Channel::Passkey => {
            if let Some(reason) = screen.problem.clone() {
                return view! {
                    <Trouble reason failures />
                    {change.map(|page| view! { <p><strong>{screen.destination}</strong> <Change page /></p> })}
                }
                .into_any();
            }
            // A new key has no name yet.
            let lead = match screen.kind {
                Channel::Authenticator => tr!(challenge.look_into_app),
                _ => match screen.destination {
                    Some(name) => tr!(passkey.use_lead, name = name),
                    None => tr!(passkey.register_lead),
                },
            };
            view! { <div class="sent"><p>{lead}</p></div> }.into_any()
        }
    }
}

/// Why there is no code, unless a form on this page tells why already.
#[component]
fn Trouble(reason: Refusal, failures: Vec<Signal<Option<AppError>>>) -> impl IntoView {
    let told = move || failures.iter().any(|failure| failure.with(|e| matches!(e, Some(AppError::Refused { .. }))));
    let error = AppError::refused(reason);
    move || (!told()).then(|| view! { <ProblemNotice error=error.clone() /> })
}

#[component]
fn Change(page: String) -> impl IntoView {
    view! { " " <A href=page>{tr!(enrollment.change)}</A> }
}

/// The same of a code that is sent, with how far it is.
#[component]
fn SentIntro(
    audience: Audience,
    purpose: Purpose,
    screen: CodeScreen,
    failures: Vec<Signal<Option<AppError>>>,
    change: Option<String>,
    to: String,
) -> impl IntoView {
    let sent_again = query("sent").is_some();
    let hint = view! { <LateHint audience purpose screen=screen.clone() to /> };
    let CodeScreen { kind, destination, reference, lifetime_minutes, problem, progress, .. } = screen;
    let problem = problem_now(progress.as_ref(), kind, problem);
    let follow = progress.as_ref().map(|progress| follow(audience, purpose, progress));
    let reference = view! { <p class="reference">{tr!(challenge.reference)} " " <strong>{reference}</strong></p> };
    let change = change.map(|page| view! { <Change page /> });
    let on_its_way = progress.as_ref().is_some_and(|progress| !progress.stage.is_final());
    let lead = if on_its_way { tr!(challenge.sending_to) } else { tr!(challenge.sent_to) };
    let line = progress.map(|progress| view! { <ProgressLine progress kind /> });
    let intro = match problem {
        Some(reason) => {
            let late = match &reason {
                Refusal::NotDelivered(failure) | Refusal::TextNotDelivered(failure) => failure.kind.may_arrive(),
                _ => false,
            };
            view! {
                <Trouble reason failures />
                {change.map(|change| view! { <p><strong>{destination}</strong> {change}</p> })}
                {late.then_some(view! { {line} {reference} })}
            }
            .into_any()
        }
        None => view! {
            <div class="sent" role="status">
                {sent_again.then(|| view! { <p class="notice done">{tr!(challenge.sent_again)}</p> })}
                <p>
                    {lead} " " <strong>{destination}</strong> {change} ". "
                    {tr!(challenge.valid, count = lifetime_minutes)}
                </p>
                {line}
                {reference}
            </div>
        }
        .into_any(),
    };
    view! {
        {intro}
        {hint}
        {follow}
    }
}

/// The button of a method to choose, in a form of its own.
#[component]
pub fn MethodButton(
    /// The method.
    method: Method,
) -> impl IntoView {
    let hint_id = format!("method-{}", method.id);
    let hint = match method.kind {
        Channel::Smtp | Channel::Sms => tr!(login.method_hint, destination = method.destination.unwrap_or_default()),
        Channel::Authenticator => tr!(login.method_app),
        Channel::Passkey => tr!(login.method_passkey),
    };
    view! {
        <input type="hidden" name="id" value=method.id.to_string() />
        <button type="submit" class="secondary" aria-describedby=hint_id.clone()>{method.title}</button>
        <p class="hint" id=hint_id>{hint}</p>
    }
}

/// What a code screen asks for, by its kind, with the button that posts it.
#[component]
pub fn AnswerField(
    /// The challenge.
    screen: CodeScreen,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
    /// What stands between field and button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let between = children.map(|children| children());
    if screen.kind == Channel::Passkey {
        let ceremony = screen.passkey;
        return ceremony.map(|ceremony| view! { {between} {island(PasskeyButton { ask: Ask::Use, options: ceremony.options, origin: ceremony.origin })} }).into_any();
    }
    view! {
        <CodeField kind=screen.kind error />
        {between}
        <SubmitButton label=tr!(challenge.verify) />
    }
    .into_any()
}

/// The heading of a code screen, by its kind as soon as that is loaded.
#[component]
pub fn ScreenHead<T>(
    /// What is being loaded.
    resource: Load<T>,
    /// The heading of what was loaded.
    title: fn(T) -> String,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <PageHead title=tr!(challenge.title) /> }>
            {move || Suspend::new(async move {
                let title = resource.await.map_or_else(|_| tr!(challenge.title), title);
                view! { <PageHead title /> }
            })}
        </Transition>
    }
}

/// The heading of a code screen that asks for a known entry.
pub fn screen_title(screen: CodeScreen) -> String {
    if screen.kind == Channel::Passkey { tr!(passkey.title) } else { tr!(challenge.title) }
}

/// Another code or another beginning: Send New Code where codes are sent, else Try again once it is needed.
#[component]
pub fn AnotherCode(
    /// The challenge.
    screen: CodeScreen,
    /// The last failure of the code.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    if screen.kind.sends() {
        return island(SendNewCodeButton { resend_in: screen.resend_in }).into_any();
    }
    let stuck = screen.problem.is_some();
    let refused = move || {
        use crate::error::Refusal::{CodeUsed, NoChallenge, StartAgain};
        error.with(|e| matches!(e, Some(AppError::Refused { reason: StartAgain | NoChallenge | CodeUsed, .. })))
    };
    (move || {
        (stuck || refused()).then(|| {
            view! {
                <button type="submit" class="secondary">{tr!(challenge.try_again)}</button>
            }
        })
    })
    .into_any()
}

/// The code: one real input, which phones fill in by themselves.
#[component]
pub fn CodeField(
    /// What the code comes by.
    kind: Channel,
    /// The form's last failure.
    error: Signal<Option<AppError>>,
) -> impl IntoView {
    let hint = match kind {
        Channel::Smtp => tr!(challenge.code_hint),
        Channel::Sms => tr!(challenge.sms_hint),
        Channel::Authenticator | Channel::Passkey => tr!(challenge.app_hint),
    };
    view! {
        <Field
                name="code"
                label=tr!(challenge.code)
                error
                autocomplete="one-time-code"
                inputmode="numeric"
                hint=hint
                autofocus=true
                answers=true
            />
    }
}
