//! Tells a page that waits for a code how far its message is, as server-sent events: for one sign-in, to the browser that
//! has its cookie, until nothing more becomes of the message or nobody waits for it.

use super::{router::Site, streams::Streams};
use app::{
    caller::{Caller, Session},
    challenge::{
        routes::EVENTS_PATH,
        types::{Progress, Purpose},
    },
    error::AppError,
    login::types::Audience,
};
use axum::{
    Extension, Router,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderName, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures_util::{
    StreamExt,
    stream::{self, Stream},
};
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep};

/// How often the database is asked at first, and once most mail servers have answered.
const OFTEN: Duration = Duration::from_millis(500);
/// See [`OFTEN`].
const SELDOM: Duration = Duration::from_secs(2);
/// How long a message is new.
const NEW: Duration = Duration::from_secs(15);
/// How often a proxy sees that the connection lives.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// The address of the events.
pub fn routes(site: &Arc<Site>) -> Router {
    let streams = Arc::new(Streams::default());
    let answer = move |State(site): State<Arc<Site>>,
                       Extension(caller): Extension<Caller>,
                       asked: Result<Query<Asked>, QueryRejection>| {
        let streams = streams.clone();
        async move {
            match asked {
                Ok(asked) => events(&site, &streams, &caller, &asked),
                // Whoever may ask for nothing is told that first.
                Err(_) if caller.sessions.is_empty() => refused(&AppError::SignInNeeded),
                Err(bad) => bad.into_response(),
            }
        }
    };
    Router::new().route(EVENTS_PATH, get(answer)).with_state(site.clone())
}

#[derive(Deserialize)]
struct Asked {
    audience: Audience,
    purpose: Purpose,
}

fn events(site: &Arc<Site>, streams: &Arc<Streams>, caller: &Caller, asked: &Asked) -> Response {
    let session = match asked.purpose {
        Purpose::SignIn => caller.code_needed(asked.audience),
        Purpose::Enroll | Purpose::StepUp => caller.may_enroll(asked.audience),
    };
    let session = match session {
        Ok(session) => session.clone(),
        Err(error) => return refused(&error),
    };
    let Some(place) = streams.take(session.id, caller.origin.network()) else {
        return refused(&AppError::Busy);
    };
    let told = Told { site: site.clone(), session, purpose: asked.purpose, last: None, began: Instant::now() };
    let events = stream::unfold(Some((told, place)), async |state| {
        let (mut told, place) = state?;
        Some(match told.next().await {
            Some(progress) => (event(&progress), Some((told, place))),
            // The browser would ask again and again otherwise.
            None => (Event::default().event("end").data("end"), None),
        })
    });
    // Proxies that hold back what they pass on would hold back all of it.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, stream_of(events)).into_response()
}

fn stream_of(events: impl Stream<Item = Event> + Send + 'static) -> impl IntoResponse {
    Sse::new(events.map(Ok::<_, Infallible>)).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE))
}

fn event(progress: &Progress) -> Event {
    Event::default().json_data(progress).unwrap_or_default()
}

/// Of a stream, the browser learns no more than that there is none.
fn refused(error: &AppError) -> Response {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// What a stream has told.
struct Told {
    site: Arc<Site>,
    session: Session,
    purpose: Purpose,
    last: Option<Progress>,
    began: Instant,
}

impl Told {
    /// What has changed, as soon as it has. Nothing once nothing more will.
    async fn next(&mut self) -> Option<Progress> {
        if self.last.as_ref().is_some_and(|last| last.stage.is_final()) {
            return None;
        }
        loop {
            let now = self.site.ports.challenge.progress(&self.session, self.purpose).await.ok()??;
            if self.last.as_ref() != Some(&now) {
                self.last = Some(now.clone());
                return Some(now);
            }
            let pause = if self.began.elapsed() < NEW { OFTEN } else { SELDOM };
            tokio::select! {
                () = sleep(pause) => {}
                () = self.site.stopping.cancelled() => return None,
            }
        }
    }
}
