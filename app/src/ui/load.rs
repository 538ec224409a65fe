//! What pages load from server functions. Beneath each type is the same resource, so that the browser's code for loading,
//! waiting and taking over from the server exists once and not for each type.

use crate::error::AppError;
use leptos::{prelude::*, server::codee::string::FromToStringCodec};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    any::Any,
    convert::Infallible,
    fmt::{self, Display, Formatter},
    marker::PhantomData,
    pin::Pin,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
};

/// The answer of a server function: the value itself, or its JSON where the server that rendered the page loaded it.
#[derive(Clone)]
enum Answer {
    Value { value: Arc<dyn Any + Send + Sync>, json: String },
    Json(String),
}

impl Answer {
    fn new<T: Serialize + Send + Sync + 'static>(answer: Result<T, AppError>) -> Self {
        // Only the server sends it on.
        let json =
            if cfg!(feature = "ssr") { serde_json::to_string(&answer).unwrap_or_default() } else { String::new() };
        Self::Value { value: Arc::new(answer), json }
    }

    fn get<T: DeserializeOwned + Clone + 'static>(&self) -> Result<T, AppError> {
        match self {
            Self::Value { value, .. } => {
                value.downcast_ref::<Result<T, AppError>>().cloned().unwrap_or(Err(AppError::unlogged()))
            }
            // From bytes, as answers to the browser's own calls are read: the code is there already.
            Self::Json(json) => serde_json::from_slice(json.as_bytes()).unwrap_or(Err(AppError::unlogged())),
        }
    }
}

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (Self::Value { json, .. } | Self::Json(json)) = self;
        f.write_str(json)
    }
}

impl FromStr for Answer {
    type Err = Infallible;

    fn from_str(json: &str) -> Result<Self, Infallible> {
        Ok(Self::Json(json.to_owned()))
    }
}

type Answers = Resource<Answer, FromToStringCodec>;
type Source = Box<dyn Fn() -> u64 + Send + Sync>;
type Fetch = Box<dyn Fn(u64) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// What a page loads: on the server while it is rendered, in the browser again when what it depends on has changed.
pub struct Load<T> {
    answers: Answers,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Load<T> {}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Load<T> {
    /// Loads by `fetch`, again whenever `source` gives another value.
    pub fn new<S, Fut>(
        source: impl Fn() -> S + Send + Sync + 'static,
        fetch: impl Fn(S) -> Fut + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + 'static,
        Fut: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        // The value that the source gave last, and how many different ones it has given: the number stands for it.
        let last = Arc::new(Mutex::new((0, None::<S>)));
        let number: Source = {
            let last = last.clone();
            Box::new(move || {
                let now = source();
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.1.as_ref() != Some(&now) {
                    *last = (last.0 + 1, Some(now));
                }
                last.0
            })
        };
        let fetch: Fetch = Box::new(move |_| {
            let source = last.lock().unwrap_or_else(PoisonError::into_inner).1.clone();
            let loading = source.map(&fetch);
            Box::pin(async move {
                Answer::new(match loading {
                    Some(loading) => loading.await,
                    None => Err(AppError::unlogged()),
                })
            })
        });
        Self { answers: answers(number, fetch), value: PhantomData }
    }

    /// What was loaded, if it has been.
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.answers.get().map(|answer| answer.get())
    }

    /// Loads again.
    pub fn refetch(self) {
        self.answers.refetch();
    }
}

impl<T: DeserializeOwned + Clone + 'static> IntoFuture for Load<T> {
    type Output = Result<T, AppError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let answer = self.answers.into_future();
        Box::pin(async move { answer.await.get() })
    }
}

fn answers(source: Source, fetch: Fetch) -> Answers {
    Resource::new_str(source, fetch)
}
