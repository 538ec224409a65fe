//! Forms that post to server functions. The compiler knows which form belongs to which function; what runs is one action
//! on texts, so that the browser's code for sending and answering exists once and not for each function: decision 26.

use crate::error::AppError;
use leptos::{
    ev::SubmitEvent,
    form::form_data_from_event,
    prelude::*,
    server_fn::{ServerFn, error::ServerFnUrlError},
    web_sys::UrlSearchParams,
};
use std::marker::PhantomData;

/// The body of a form in, the answer's JSON out.
type Post = Action<String, Result<String, AppError>>;

/// What a form does: it posts its fields to a server function.
pub struct FormAction<F> {
    post: Post,
    function: PhantomData<fn() -> F>,
}

impl<F> Clone for FormAction<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FormAction<F> {}

impl<F: ServerFn<Error = AppError>> FormAction<F> {
    /// An action that has not been sent; where a form was posted without JavaScript and failed, with that failure.
    #[expect(clippy::new_without_default, reason = "actions belong to a page")]
    pub fn new() -> Self {
        Self { post: post_to(F::PATH), function: PhantomData }
    }

    /// Whether the server is working on it.
    pub fn pending(self) -> Signal<bool> {
        self.post.pending().into()
    }

    /// Counts the answers.
    pub fn version(self) -> Signal<usize> {
        self.post.version().into()
    }

    /// The last failure.
    pub fn failure(self) -> Signal<Option<AppError>> {
        let value = self.post.value();
        Signal::derive(move || value.with(|value| value.as_ref().and_then(|answer| answer.as_ref().err().cloned())))
    }

    /// Whether the last answer is a success.
    pub fn is_done(self) -> bool {
        self.post.value().with(|value| matches!(value, Some(Ok(_))))
    }

    /// Forgets the last answer.
    pub fn clear(self) {
        self.post.clear();
    }

    /// The named field as it was sent, while the server works on it.
    pub fn sent(self, name: &str) -> Option<String> {
        let body = self.post.input().get()?;
        UrlSearchParams::new_with_str(&body).ok()?.get(name)
    }

    /// The last answer.
    pub fn value(self) -> Option<Result<F::Output, AppError>>
    where
        F::Output: serde::de::DeserializeOwned,
    {
        let answer = self.post.value().get()?;
        Some(answer.and_then(|json| serde_json::from_slice(json.as_bytes()).map_err(|_| AppError::unlogged())))
    }
}

fn post_to(path: &'static str) -> Post {
    let failed = use_context::<leptos::server::ServerActionError>()
        .and_then(|error| (error.path() == path).then(|| Err(ServerFnUrlError::<AppError>::decode_err(error.err()))));
    Action::new_with_value(failed, move |body: &String| post(path, body.clone()))
}

/// Posts as the function's own client would.
#[cfg(feature = "hydrate")]
async fn post(path: &'static str, body: String) -> Result<String, AppError> {
    use leptos::server_fn::{
        client::{Client, browser::BrowserClient},
        error::FromServerFnError,
        redirect::call_redirect_hook,
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    };

    let request: Result<BrowserRequest, AppError> =
        BrowserRequest::try_new_post(path, "application/x-www-form-urlencoded", "application/json", body);
    let response: BrowserResponse = <BrowserClient as Client<AppError>>::send(request?).await?;
    let status = ClientRes::<AppError>::status(&response);
    let leads_to = ClientRes::<AppError>::has_redirect(&response).then(|| ClientRes::<AppError>::location(&response));
    let text: String = ClientRes::<AppError>::try_into_string(response).await?;
    if status >= 400 {
        return Err(AppError::de(text.into()));
    }
    if let Some(to) = leads_to {
        call_redirect_hook(&to);
    }
    Ok(text)
}

/// Nothing is sent where pages are rendered.
#[cfg(not(feature = "hydrate"))]
async fn post(_path: &'static str, _body: String) -> Result<String, AppError> {
    Err(AppError::unlogged())
}

/// A form that posts to a server function; without JavaScript the browser posts it.
#[component]
pub fn ActionForm<F>(
    /// What it does.
    action: FormAction<F>,
    /// Its fields and buttons.
    children: Children,
) -> impl IntoView
where
    F: ServerFn<Error = AppError> + 'static,
{
    form(F::PATH, action.post, children)
}

fn form(path: &'static str, action: Post, children: Children) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        if event.default_prevented() {
            return;
        }
        event.prevent_default();
        let fields = form_data_from_event(&event).ok();
        let fields = fields.and_then(|fields| UrlSearchParams::new_with_str_sequence_sequence(&fields).ok());
        if let Some(body) = fields.and_then(|fields| fields.to_string().as_string()) {
            action.dispatch(body);
        }
    };
    view! { <form action=path method="post" on:submit=on_submit>{children()}</form> }
}
