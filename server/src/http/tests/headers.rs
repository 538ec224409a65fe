//! The headers of answers, and calls that come from other sites.

use super::{app, call, call_with, cookies, set_cookie, site, text_of};
use crate::testing::{PASSWORD, sqlite};
use app::policy::port::PolicyPort;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use std::collections::BTreeSet;
use tower::ServiceExt;

#[tokio::test]
async fn cookies_headers_and_cross_site_calls() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.customer("carla@example.org").await;
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    let cookie = set_cookie(&response, "session");
    for part in ["__Host-countersign_customer_session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let page = call(&app, Method::GET, "/login", "", "").await;
    let headers = page.headers();
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    for part in ["'nonce-", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} is missing: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let request = Request::post("/api/login/log_in")
        .header(header::HOST, "id.example.org")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.clone()))
        .expect("a request");
    assert_eq!(app.clone().oneshot(request).await.expect("an answer").status(), StatusCode::FORBIDDEN);
    let large = format!("{body}&x={}", "x".repeat(70_000));
    let status = call(&app, Method::POST, "/api/login/log_in", "", &large).await.status();
    assert!(!status.is_success(), "a body of 70 kB was read: {status}");
    let plain = Request::post("/api/login/log_in")
        .header(header::HOST, "id.example.org")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://evil.example/phish")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("audience=customer&email=a&password=b"))
        .expect("a request");
    let location = app.oneshot(plain).await.expect("an answer").headers()[header::LOCATION].clone();
    assert!(location.to_str().expect("text").starts_with('/'), "redirected to {location:?}");
}

#[tokio::test]
async fn cross_site_calls_change_nothing() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, _, admin] = cookies(&fixture).await;
    let switch_off = async |headers: &[(&str, &str)]| {
        let body = "audience=customer&allowed=false&confirmed=on";
        call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, headers).await.status()
    };
    let allowed = async || fixture.policy().overview().await.expect("shows").policies[1].allowed;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "https://id.example.org")],
        [("sec-fetch-site", "same-site"), ("x", "x")],
        [("origin", "https://evil.example"), ("x", "x")],
        [("origin", "https://id.example.org:8080"), ("x", "x")],
        [("origin", "null"), ("x", "x")],
    ] {
        assert_eq!(switch_off(&headers).await, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(allowed().await, "{headers:?} changed the policy");
    }
    assert!(switch_off(&[("sec-fetch-site", "same-origin")]).await.is_success());
    assert!(!allowed().await, "the page's own call works");
}

#[tokio::test]
async fn every_page_has_a_nonce_of_its_own_and_private_pages_are_not_stored() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, waiting, customer, admin] = cookies(&fixture).await;
    let mut nonces = BTreeSet::new();
    for (path, cookie) in [
        ("/login", ""),
        ("/login", ""),
        ("/login/code", waiting.as_str()),
        ("/account/two-factor", customer.as_str()),
        ("/admin/settings/setup/services-manager", admin.as_str()),
        ("/admin/none", admin.as_str()),
    ] {
        let page = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store", "{path}");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        let html = text_of(page).await;
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: a script without the nonce: {tag}");
        }
        assert!(html.contains("<script"), "{path} has no script");
        assert!(nonces.insert(nonce), "{path}: a nonce was used twice");
    }
}

#[tokio::test]
async fn a_page_keeps_its_headers_while_other_answers_are_given() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, customer, _] = cookies(&fixture).await;
    for _ in 0..50 {
        // While the page waits for the database, its thread serves others.
        let page = call(&app, Method::GET, "/account", &customer, "");
        let file = call(&app, Method::GET, "/Cargo.toml", "", "");
        let data = call(&app, Method::POST, "/api/account/me", &customer, "audience=customer");
        let (page, file, data) = tokio::join!(page, file, data);
        assert_eq!(page.status(), StatusCode::OK);
        let policy = |response: &Response| format!("{:?}", response.headers()[header::CONTENT_SECURITY_POLICY]);
        assert!(policy(&page).contains("nonce-"), "the page lost its policy");
        for other in [file, data] {
            assert_eq!(other.status(), StatusCode::OK);
            assert!(!policy(&other).contains("nonce-"), "an answer got the policy of a page");
        }
    }
}

#[tokio::test]
async fn only_files_that_are_there_are_kept_and_no_error_is() {
    let fixture = sqlite().await;
    let root = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(root.path().join("pkg")).expect("made");
    std::fs::write(root.path().join("pkg/a.css"), "a{}").expect("written");
    let app = site(&fixture, true, &root.path().display().to_string());
    let there = call(&app, Method::GET, "/pkg/a.css", "", "").await;
    assert_eq!(there.status(), StatusCode::OK);
    assert!(there.headers()[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
    let modified = there.headers()[header::LAST_MODIFIED].to_str().expect("text").to_owned();
    let again = call_with(&app, Method::GET, "/pkg/a.css", "", "", &[("if-modified-since", &modified)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.headers()[header::CACHE_CONTROL].to_str().expect("text").contains("immutable"));
    for (method, path) in [(Method::GET, "/pkg/b.css"), (Method::POST, "/pkg/a.css"), (Method::GET, "/nothing")] {
        let missing = call(&app, method, path, "", "").await;
        assert!(missing.status().is_client_error(), "{path}");
        assert_eq!(missing.headers()[header::CACHE_CONTROL], "no-store", "{path}");
    }
}
