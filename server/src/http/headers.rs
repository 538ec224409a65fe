//! Security headers (ASVS 3.4).

use super::router::Site;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;
use std::sync::Arc;

/// For everything that is not one of our pages.
const CLOSED: &str =
    "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'none'";

/// After how many seconds whoever found the server busy, or without its database, may try again.
const AGAIN: &str = "2";

/// The policy of a page whose scripts carry this nonce.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

/// Sets the policy of the page that Leptos is rendering. Server functions, which are all called by POST, pass here
/// too, and may see the nonce of a page that their thread has begun and not finished.
pub fn set_page_policy() {
    let is_page = use_context::<Parts>().is_some_and(|parts| parts.method != Method::POST);
    if let (true, Some(nonce), Some(response)) = (is_page, use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Adds the headers that every answer carries.
pub async fn secure(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let file = request.uri().path().starts_with("/pkg/");
    let mut response = next.run(request).await;
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Plain forms find their way back by the referrer.
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    set_default(headers, header::X_FRAME_OPTIONS, "DENY");
    if site.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    set_default(headers, header::CONTENT_SECURITY_POLICY, CLOSED);
    if status.is_client_error() || status.is_server_error() {
        // Tomorrow it may be there (checklist 77).
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static(AGAIN));
    }
    // The names of the built files carry their hashes.
    let cache = if file { "public, max-age=31536000, immutable" } else { "no-store" };
    set_default(headers, header::CACHE_CONTROL, cache);
    response
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
