//! A name for each request: the lines of the log that belong together have it, and so has the answer.

use super::{client_address::is_trusted, router::Site};
use crate::platform::vault::random;
use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use std::{net::SocketAddr, sync::Arc};
use tracing::Instrument;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest name that is taken from a proxy.
const LONGEST: usize = 64;

/// Names the request, or keeps the name that a trusted proxy gave it, so that its log and ours fit together.
pub async fn name(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let given = request.headers().get(&X_REQUEST_ID).filter(|_| is_trusted(peer.ip().to_canonical(), &site.proxies));
    let id = given.and_then(readable).unwrap_or_else(|| format!("{:032x}", u128::from_be_bytes(random())));
    // Routes are told by their pattern: addresses hold ids and the tokens of links.
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str);
    let span = tracing::info_span!("request", id, method = %request.method(), route);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(X_REQUEST_ID, id);
    }
    response
}

/// A name that can stand in a log as it is.
fn readable(name: &HeaderValue) -> Option<String> {
    let name = name.to_str().ok()?;
    let fine =
        (1..=LONGEST).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    fine.then(|| name.to_owned())
}
