//! Whether the process lives, and whether it can do its work.

use super::router::Site;
use crate::platform::throttle;
use axum::{Router, extract::State, http::StatusCode, routing::get};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{sync::Mutex, time::timeout};

/// How long the database may take.
const WAIT: Duration = Duration::from_secs(3);
/// How long an answer is good for: whoever asks all the time does not keep the database writing.
const FRESH: Duration = Duration::from_secs(1);

/// The last answer.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(Instant, bool)>>);

impl Readiness {
    async fn is_ready(&self, site: &Site) -> bool {
        // Those who ask meanwhile wait for the same answer.
        let mut last = self.0.lock().await;
        if let Some((at, ready)) = *last
            && at.elapsed() < FRESH
        {
            return ready;
        }
        // A full disk is still read from; only a write tells (checklist 77).
        let written = timeout(WAIT, throttle::count(&site.core.db, "readyz", site.core.clock.now(), 1)).await;
        let ready = matches!(written, Ok(Ok(_)));
        if let Ok(Err(error)) = written {
            tracing::error!(%error, "not ready");
        }
        *last = Some((Instant::now(), ready));
        ready
    }
}

/// The addresses for those who watch the server.
pub fn routes(site: &Arc<Site>) -> Router {
    let readiness = Arc::new(Readiness::default());
    let ready = move |State(site): State<Arc<Site>>| async move {
        if readiness.is_ready(&site).await { Ok("ready") } else { Err(StatusCode::SERVICE_UNAVAILABLE) }
    };
    Router::new().route("/healthz", get(|| async { "ok" })).route("/readyz", get(ready)).with_state(site.clone())
}
