//! What pages share: their title, their loading and their failing.

use crate::{
    delivery::message::escape,
    error::{AppError, Refusal},
    login::types::Audience,
    step_up::routes::confirm_link,
    ui::{brand, frame::EntryFrame, load::Load, messages, query},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use serde::{Serialize, de::DeserializeOwned};
use std::pin::Pin;

/// The title of the window and the heading of the page.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    title: String,
    /// One sentence about what to do here.
    #[prop(optional, into)]
    lead: Option<String>,
) -> impl IntoView {
    view! {
        // Leptos writes it as it is, so that a name could end it and go on as markup.
        <Title text=escape(&format!("{title} · {}", brand())) />
        <div class="page-head">
            <h1>{title}</h1>
            {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
        </div>
    }
}

/// The way back to the page that leads here.
#[component]
pub fn Crumb(
    /// Its address.
    #[prop(into)]
    to: String,
    /// Its title.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    view! { <p class="crumb"><A href=to>{title}</A></p> }
}

/// Shows what was loaded, or that it is loading, or why it could not be.
#[component]
pub fn Loaded<T, F, V>(
    /// What is being loaded.
    resource: Load<T>,
    /// The view of what was loaded.
    view: F,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    waiting(Box::new(move || {
        let view = view.clone();
        Box::pin(async move {
            match resource.await {
                Ok(value) => view(value).into_any(),
                Err(error) => view! { <LoadProblem error /> }.into_any(),
            }
        })
    }))
}

/// Waits for a view, by the same code for all of them.
fn waiting(view: Box<dyn Fn() -> Pin<Box<dyn Future<Output = AnyView> + Send>> + Send + Sync>) -> impl IntoView {
    view! {
        <Transition fallback=|| view! { <p class="loading" role="status">{tr!(page.loading)}</p> }>
            {move || Suspend::new(view())}
        </Transition>
    }
}

/// Turns a dead link into a value that the page can show, instead of an error.
pub fn living<T>(link: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match link {
        Ok(link) => Ok(Some(link)),
        Err(AppError::Refused { reason: Refusal::LinkDead, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Says of a [dead link](living) that it is one; the way on differs.
#[component]
pub fn DeadLinkNotice() -> impl IntoView {
    view! { <div class="notice problem" role="alert"><p>{tr!(refusal.link_dead)}</p></div> }
}

/// Why a page could not be loaded, with the way on.
#[component]
pub fn LoadProblem(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    view! {
        <div class="notice problem" role="alert">
            <p>{messages::error(&error)}</p>
            <WayOn error />
        </div>
    }
}

/// Where an error can be done away with, if there is such a place.
#[component]
pub fn WayOn(
    /// What went wrong.
    error: AppError,
) -> impl IntoView {
    let path = leptos_router::hooks::use_location().pathname.get_untracked();
    let audience = if path.starts_with(Audience::Admin.home_path()) { Audience::Admin } else { Audience::Customer };
    let way = match error {
        // Loaded anew, the page leads to the sign-in, which leads back to it.
        AppError::SignInNeeded => Some((path, tr!(login.log_in))),
        AppError::Forbidden => Some((audience.login_path().to_owned(), tr!(login.log_in))),
        AppError::CodeNeeded => Some((audience.code_path().to_owned(), tr!(challenge.title))),
        AppError::EnrollmentNeeded => Some((audience.two_factor_path().to_owned(), tr!(enrollment.title))),
        AppError::StepUpNeeded { .. } => {
            // On the confirm pages themselves: keep the page that they lead back to.
            let asked = path.starts_with(audience.confirm_path()).then(|| query("to")).flatten();
            Some((confirm_link(audience, &asked.unwrap_or(path)), tr!(step_up.title)))
        }
        _ => None,
    };
    way.map(|(path, label)| view! { <p><a href=path rel="external">{label}</a></p> })
}

/// There is no such page, of somebody who may not be signed in.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <EntryFrame home="/">
            <NoSuchPage />
            <p><a href="/">{tr!(page.home)}</a></p>
        </EntryFrame>
    }
}

/// There is no such page within a frame, whose links lead on.
#[component]
pub fn NotFoundWithin(
    /// Whose frame.
    audience: Audience,
) -> impl IntoView {
    view! {
        <NoSuchPage />
        <p><a href=audience.home_path()>{tr!(page.home)}</a></p>
    }
}

#[component]
fn NoSuchPage() -> impl IntoView {
    answer_not_found();
    view! { <PageHead title=tr!(page.not_found_title) lead=tr!(page.not_found) /> }
}

/// Leads to another page, where this one has nothing to say.
pub fn lead_to(path: &str) {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(path);
    #[cfg(not(feature = "ssr"))]
    let _ = path;
}

/// Answers 404, whatever the page says.
pub fn answer_not_found() {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
}
