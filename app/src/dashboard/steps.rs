//! The checklist of the set-up: what was done, what comes next and where that is done.

use super::types::{Step, Task};
use crate::{
    configuration::routes::CONFIGURATION_PATH, login::types::Audience, policy::routes::two_factor_auth_path,
    secondary_auth::routes::NEW_SECONDARY_AUTH_PATH, services::routes::NEW_SERVICE_PATH, users::routes::USERS_PATH,
};
use leptos::prelude::*;
use leptos_router::components::A;

/// What a task is called.
pub fn title(task: Task) -> String {
    match task {
        Task::AddService => tr!(dashboard.add_service),
        Task::Offer => tr!(dashboard.offer),
        Task::AllowAdmins => tr!(dashboard.allow_admins),
        Task::AllowCustomers => tr!(dashboard.allow_customers),
        Task::OwnFactor => tr!(dashboard.own_factor),
        Task::RecoveryCodes => tr!(dashboard.recovery_codes),
        Task::Require => tr!(dashboard.require),
        Task::SecondAdmin => tr!(dashboard.second_admin),
        Task::Https => tr!(dashboard.https),
    }
}

/// Where it is done, if a page of the console does it.
pub fn path(task: Task) -> Option<String> {
    match task {
        Task::AddService => Some(NEW_SERVICE_PATH.to_owned()),
        Task::Offer => Some(NEW_SECONDARY_AUTH_PATH.to_owned()),
        Task::AllowAdmins => Some(two_factor_auth_path(Audience::Admin)),
        Task::AllowCustomers => Some(two_factor_auth_path(Audience::Customer)),
        Task::OwnFactor => Some(Audience::Admin.two_factor_path().to_owned()),
        Task::RecoveryCodes => Some(Audience::Admin.recovery_codes_path().to_owned()),
        Task::Require => Some(CONFIGURATION_PATH.to_owned()),
        Task::SecondAdmin => Some(USERS_PATH.to_owned()),
        Task::Https => None,
    }
}

/// Why, or how.
fn hint(task: Task, url: &str) -> String {
    match task {
        Task::AddService => tr!(dashboard.add_service_hint),
        Task::Offer => tr!(dashboard.offer_hint),
        Task::AllowAdmins => tr!(dashboard.allow_admins_hint),
        Task::AllowCustomers => tr!(dashboard.allow_customers_hint),
        Task::OwnFactor => tr!(dashboard.own_factor_hint),
        Task::RecoveryCodes => tr!(dashboard.recovery_codes_hint),
        Task::Require => tr!(dashboard.require_hint),
        Task::SecondAdmin => tr!(dashboard.second_admin_hint),
        Task::Https => tr!(dashboard.https_hint, url = url.to_owned()),
    }
}

/// The checklist, until everything is done.
#[component]
pub fn SetUp(
    /// Its lines, in the order in which they are best done.
    steps: Vec<Step>,
    /// The address that people type.
    url: String,
) -> impl IntoView {
    let done = steps.iter().filter(|step| step.done).count();
    let all = steps.len();
    let Some(next) = steps.iter().find(|step| !step.done).map(|step| step.task) else {
        return view! { <p class="notice done">{tr!(dashboard.all_done)}</p> }.into_any();
    };
    // Only how the server is reached was decided before anybody signed in.
    let nothing_done = steps.iter().all(|step| !step.done || step.task == Task::Https);
    view! {
        <section class="panel" aria-labelledby="set-up">
            <h2 id="set-up">{tr!(dashboard.set_up)}</h2>
            {nothing_done.then(|| view! { <p>{tr!(dashboard.welcome)}</p> })}
            <div class="how-far">
                <p class="hint" id="how-far">{tr!(dashboard.steps_done, done = done, all = all)}</p>
                <progress aria-labelledby="how-far" max=all.to_string() value=done.to_string()></progress>
            </div>
            <ol class="steps">
                {steps
                    .into_iter()
                    .map(|step| {
                        if step.task == next {
                            view! { <NextStep task=next url=url.clone() /> }.into_any()
                        } else {
                            view! { <StepRow step url=url.clone() /> }.into_any()
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
    .into_any()
}

/// What comes next, with a button that leads there.
#[component]
fn NextStep(task: Task, url: String) -> impl IntoView {
    let title = title(task);
    view! {
        <li class="next" aria-current="step">
            <span class="badge">{tr!(dashboard.next)}</span>
            <div>
                {match path(task) {
                    Some(path) => view! { <A href=path attr:class="button primary">{title}</A> }.into_any(),
                    None => view! { <strong>{title}</strong> }.into_any(),
                }}
                <p class="hint">{hint(task, &url)}</p>
            </div>
        </li>
    }
}

#[component]
fn StepRow(step: Step, url: String) -> impl IntoView {
    let title = title(step.task);
    let title = match path(step.task) {
        Some(path) if !step.done => view! { <A href=path>{title}</A> }.into_any(),
        _ => view! { <span>{title}</span> }.into_any(),
    };
    view! {
        <li>
            <span class="badge" class:on=step.done>{if step.done { tr!(dashboard.done) } else { tr!(dashboard.to_do) }}</span>
            <div>
                {title}
                {(!step.done).then(|| view! { <p class="hint">{hint(step.task, &url)}</p> })}
            </div>
        </li>
    }
}
