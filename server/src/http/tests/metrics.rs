//! What Prometheus reads.

use super::{app, call};
use crate::{http::metrics, testing::sqlite};
use ::metrics::with_local_recorder;
use axum::http::Method;
use metrics_exporter_prometheus::PrometheusRecorder;
use std::{future::poll_fn, pin::pin};

/// Runs a future with a recorder of this test's own.
async fn recorded(recorder: &PrometheusRecorder, future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    poll_fn(|context| with_local_recorder(recorder, || future.as_mut().poll(context))).await;
}

#[tokio::test]
async fn answers_and_events_are_counted_without_anything_personal() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let recorder = metrics::recorder().expect("a recorder");
    let handle = recorder.handle();
    recorded(&recorder, async {
        metrics::describe();
        let body = "audience=customer&email=carla%40example.org&password=wrong-password";
        call(&app, Method::POST, "/api/login/log_in", "", body).await;
        call(&app, Method::GET, "/password/a-token-of-a-link", "", "").await;
    })
    .await;
    let text = handle.render();
    for line in [
        "countersign_build_info{version=",
        "countersign_http_requests_total{route=\"/password/{token}\"",
        "countersign_http_request_seconds_bucket{route=\"/password/{token}\"",
        "countersign_events_total{action=\"",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    for personal in ["carla", "a-token-of-a-link", "192.0.2"] {
        assert!(!text.contains(personal), "{personal} is in\n{text}");
    }
}
