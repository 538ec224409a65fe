//! Addresses that other programs look for.

use super::{app, call, cookie, site, text_of};
use crate::testing::{PASSWORD, sqlite};
use axum::http::{Method, StatusCode, header};

const SECURITY: &str = "/.well-known/security.txt";

#[tokio::test]
async fn security_txt_names_whom_to_tell_and_never_looks_expired() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let answer = call(&app, Method::GET, SECURITY, "", "").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    let text = text_of(answer).await;
    assert_eq!(
        text,
        "Contact: mailto:security@example.org\nExpires: 2026-04-01T00:00:00Z\n\
         Canonical: https://id.example.org/.well-known/security.txt\nPreferred-Languages: en\n"
    );
    fixture.clock.pass(365 * 86_400);
    assert!(text_of(call(&app, Method::GET, SECURITY, "", "").await).await.contains("Expires: 2027-04-01T"));
}

#[tokio::test]
async fn without_a_contact_there_is_no_security_txt() {
    let fixture = sqlite().await;
    let answer = call(&site(&fixture, false, "."), Method::GET, SECURITY, "", "").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn password_managers_are_led_to_the_page_that_changes_it() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.customer("carla@example.org").await;
    let session = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let answer = call(&app, Method::GET, "/.well-known/change-password", "", "").await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let path = answer.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let page = call(&app, Method::GET, &path, &cookie("customer", &session), "").await;
    assert_eq!(page.status(), StatusCode::OK);
    assert!(text_of(page).await.contains("name=\"new_password\""), "{path} changes no password");
    // Its last line: what does not exist is told so (W3C §3, through a resource that should not exist).
    let missing = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(call(&app, Method::GET, missing, "", "").await.status(), StatusCode::NOT_FOUND);
}
