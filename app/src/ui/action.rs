//! Forms that post to server functions. The compiler knows which form belongs to which function. Browsers post them as
//! they are, with JavaScript and without; the page that is answered with says what came of it: decision 36.

use crate::error::AppError;
use leptos::{
    prelude::*,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use std::marker::PhantomData;

/// What a form does: it posts its fields to a server function.
pub struct FormAction<F> {
    failure: Signal<Option<AppError>>,
    function: PhantomData<fn() -> F>,
}

impl<F> Clone for FormAction<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for FormAction<F> {}

impl<F: ServerFn<Error = AppError>> FormAction<F> {
    /// An action with the failure that this page is to tell, where the form led back to it.
    #[expect(clippy::new_without_default, reason = "actions belong to a page")]
    pub fn new() -> Self {
        Self { failure: Signal::stored(failure_of(F::PATH)), function: PhantomData }
    }

    /// The failure of the form that led to this page.
    pub fn failure(self) -> Signal<Option<AppError>> {
        self.failure
    }
}

fn failure_of(path: &str) -> Option<AppError> {
    let error = use_context::<leptos::server::ServerActionError>().filter(|error| error.path() == path)?;
    Some(ServerFnUrlError::<AppError>::decode_err(error.err()))
}

/// A form that posts to a server function.
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
    let _ = action;
    view! { <form action=F::PATH method="post">{children()}</form> }
}
