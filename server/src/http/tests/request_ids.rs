//! Names of requests.

use super::{call_with, site, site_behind};
use crate::testing::sqlite;
use axum::{Router, http::Method};

const OURS: &str = "192.0.2.0/24";

async fn id(app: &Router, sent: Option<&str>) -> String {
    let headers: Vec<_> = sent.map(|id| ("x-request-id", id)).into_iter().collect();
    let answer = call_with(app, Method::GET, "/healthz", "", "", &headers).await;
    answer.headers()["x-request-id"].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn every_request_has_a_name_and_a_trusted_proxys_is_kept() {
    let fixture = sqlite().await;
    let open = site(&fixture, true, ".");
    let (first, second) = (id(&open, None).await, id(&open, None).await);
    assert!(first.len() == 32 && first != second);
    assert_ne!(id(&open, Some("of-a-stranger")).await, "of-a-stranger", "no stranger writes into the log");

    let behind = site_behind(&fixture, true, ".", vec![OURS.parse().expect("a network")]);
    assert_eq!(id(&behind, Some("01J.proxy-7_x")).await, "01J.proxy-7_x");
    for unreadable in ["", "a b", "a\tb", &"x".repeat(65)] {
        assert_eq!(id(&behind, Some(unreadable)).await.len(), 32, "{unreadable:?}");
    }
}
