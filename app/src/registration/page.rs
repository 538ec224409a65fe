//! The pages of registration: asking for a link, and what it leads to.

use super::{
    api::{Finish, Register, get_link, is_open},
    routes::REGISTER_PATH,
    types::RegistrationLink,
};
use crate::{
    error::AppError,
    login::types::Audience,
    ui::{
        action::{ActionForm, FormAction},
        brand,
        field::{Field, NewPasswordField},
        form::{DoneNotice, FormProblem, SubmitButton, failure},
        frame::EntryFrame,
        load::Load,
        page::{DeadLinkNotice, Loaded, PageHead, answer_not_found, living},
        path_param,
    },
    validate::PASSWORD_MIN,
};
use leptos::{either::Either, prelude::*};
use leptos_router::components::A;
use serde::{Deserialize, Serialize};

/// The way to registration, while it is open.
#[component]
pub fn CreateAccountLink() -> impl IntoView {
    let open = Load::new(is_open());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                matches!(open.await, Ok(true)).then(|| view! { <p><A href=REGISTER_PATH>{tr!(registration.title)}</A></p> })
            })}
        </Transition>
    }
}

/// Asks for a link.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let open = Load::new(is_open());
    view! {
        <Loaded resource=open view=|open| {
            if open { Either::Left(view! { <RegisterForm /> }) } else { Either::Right(view! { <ClosedPage /> }) }
        } />
    }
}

/// Registration is off. Such pages answer as if there were none, for programs, and say to people why.
#[component]
fn ClosedPage() -> impl IntoView {
    answer_not_found();
    view! {
        <EntryFrame home=Audience::Customer.login_path()>
            <PageHead title=tr!(registration.closed) lead=tr!(registration.closed_lead, brand = brand()) />
            <p><A href=Audience::Customer.login_path()>{tr!(password.back)}</A></p>
        </EntryFrame>
    }
}

#[component]
fn RegisterForm() -> impl IntoView {
    let register = FormAction::<Register>::new();
    let error = failure(register);
    let asked = crate::ui::query("done").is_some();
    view! {
        <EntryFrame home=Audience::Customer.login_path()>
            <PageHead title=tr!(registration.title) lead=tr!(registration.lead) />
            <DoneNotice />
            <ActionForm action=register attr:novalidate="">
                <FormProblem error />
                <Field name="name" label=tr!(account.name) error autocomplete="name" autofocus=!asked />
                <Field name="email" label=tr!(login.email) error kind="email" autocomplete="email" />
                <SubmitButton label=tr!(password.send_link) />
            </ActionForm>
            <p><A href=Audience::Customer.login_path()>{tr!(password.back)}</A></p>
        </EntryFrame>
    }
}

/// Chooses a password, which creates the account.
#[component]
pub fn FinishRegistrationPage() -> impl IntoView {
    let finish = FormAction::<Finish>::new();
    let error = failure(finish);
    let token = path_param("token");
    let link = Load::new({
        let token = token.clone();
        async move { state(get_link(token).await) }
    });
    view! {
        <Loaded resource=link view=move |link| {
            let token = token.clone();
            match link {
                LinkState::Closed => Either::Right(view! { <ClosedPage /> }),
                state => Either::Left(view! {
                    <EntryFrame home=Audience::Customer.login_path()>
                        <PageHead title=tr!(registration.title) />
                        {match state {
                            LinkState::Living(link) => Either::Left(view! { <FinishForm finish error link token /> }),
                            _ => Either::Right(view! { <DeadLink /> }),
                        }}
                    </EntryFrame>
                }),
            }
        } />
    }
}

/// What a link leads to. An enum, because nested options would look the same in JSON.
#[derive(Clone, Serialize, Deserialize)]
enum LinkState {
    /// A password can be chosen.
    Living(RegistrationLink),
    /// The link does not work any more.
    Dead,
    /// Registration is off.
    Closed,
}

fn state(link: Result<RegistrationLink, AppError>) -> Result<LinkState, AppError> {
    match living(link) {
        Ok(Some(link)) => Ok(LinkState::Living(link)),
        Ok(None) => Ok(LinkState::Dead),
        Err(AppError::NotFound) => Ok(LinkState::Closed),
        Err(error) => Err(error),
    }
}

#[component]
fn FinishForm(
    finish: FormAction<Finish>,
    error: Signal<Option<AppError>>,
    link: RegistrationLink,
    token: String,
) -> impl IntoView {
    view! {
        <dl>
            <dt>{tr!(account.name)}</dt>
            <dd>{link.name}</dd>
            <dt>{tr!(account.email)}</dt>
            <dd>{link.email.clone()}</dd>
        </dl>
        <ActionForm action=finish attr:novalidate="">
            <FormProblem error />
            <input type="hidden" name="token" value=token />
            <NewPasswordField label=tr!(login.password) error min=PASSWORD_MIN account=link.email autofocus=true />
            <SubmitButton label=tr!(registration.create) />
        </ActionForm>
    }
}

/// The link does not work; links to the page that sends a new one.
#[component]
fn DeadLink() -> impl IntoView {
    view! {
        <DeadLinkNotice />
        <p><A href=Audience::Customer.login_path()>{tr!(login.log_in)}</A></p>
        <p><A href=REGISTER_PATH>{tr!(registration.again)}</A></p>
    }
}
