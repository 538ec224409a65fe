//! What the server counts, as Prometheus reads it, on an address of its own: the public one tells nobody.

use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
    routing::get,
};
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::time::{Duration, Instant};

/// How often what has been observed is put together.
const UPKEEP: Duration = Duration::from_secs(5);
/// The bounds of the times, in seconds: from a page to the longest request.
const TIMES: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0];

/// A recorder that knows what is counted.
///
/// # Errors
/// When the bounds of the times cannot be used.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &TIMES)?;
    Ok(builder.build_recorder())
}

/// Says what the numbers mean, and which version counts.
pub fn describe() {
    describe_counter!("countersign_http_requests_total", "Answers by route and status.");
    describe_histogram!("countersign_http_request_seconds", "Time to the answer by route.");
    describe_counter!("countersign_events_total", "Events of the audit log by action and outcome.");
    describe_counter!("countersign_messages_total", "Attempts to hand a message over, by kind and result.");
    describe_gauge!("countersign_messages_due", "Messages that wait to be handed over.");
    describe_gauge!("countersign_build_info", "The version that runs.");
    gauge!("countersign_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
}

/// The page that is scraped.
pub fn routes(handle: PrometheusHandle) -> Router {
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Router::new().route("/metrics", get(move || async move { handle.render() }))
}

/// Counts an answer. Routes are told by their pattern: addresses hold ids and the tokens of links.
pub async fn measure(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let began = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    counter!("countersign_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    histogram!("countersign_http_request_seconds", "route" => route).record(began.elapsed().as_secs_f64());
    response
}
