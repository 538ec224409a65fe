//! What cookies open, and when they stop.

use super::{app, call, cookies, set_cookie, site};
use crate::testing::{PASSWORD, sqlite};
use axum::http::{Method, StatusCode, header};

#[tokio::test]
async fn a_confirmation_leads_back_into_the_site_with_a_new_cookie() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, customer, _] = cookies(&fixture).await;
    let body = format!("audience=customer&password={PASSWORD}&to=https%3A%2F%2Fevil.example%2Faccount");
    let response = call(&app, Method::POST, "/api/step_up/confirm", &customer, &body).await;
    assert_eq!(response.headers()[header::LOCATION], "/account");
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    let new = cookie.split(';').next().expect("a cookie").to_owned();
    assert_ne!(new, customer);
    let body = format!("audience=customer&password={PASSWORD}&to=%2Faccount%2Fsecurity");
    assert_eq!(
        call(&app, Method::POST, "/api/step_up/confirm", &customer, &body).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let response = call(&app, Method::POST, "/api/step_up/confirm", &new, &body).await;
    assert_eq!(response.headers()[header::LOCATION], "/account/security");
}

#[tokio::test]
async fn without_https_nothing_pretends_it() {
    let fixture = sqlite().await;
    let app = site(&fixture, false, ".");
    fixture.customer("carla@example.org").await;
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert!(!response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = set_cookie(&response, "session");
    assert!(cookie.starts_with("countersign_customer_session=") && !cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, waiting, customer, _] = cookies(&fixture).await;
    for (cookie, path) in [(&customer, "/account"), (&waiting, "/login/code")] {
        assert_eq!(call(&app, Method::GET, path, cookie, "").await.status(), StatusCode::OK);
        let out = call(&app, Method::POST, "/api/login/log_out", cookie, "audience=customer").await;
        assert!(out.headers()[header::SET_COOKIE].to_str().expect("text").contains("Max-Age=0"));
        let after = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(after.headers()[header::LOCATION], "/login", "the old cookie still opens {path}");
    }
}

#[tokio::test]
async fn a_browser_that_signed_in_is_known_by_a_cookie_for_the_server_alone() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.customer("carla@example.org").await;
    let attempt = async |cookie: &str, password: &str| {
        let body = format!("audience=customer&email=carla%40example.org&password={password}");
        call(&app, Method::POST, "/api/login/log_in", cookie, &body).await
    };
    let cookie = set_cookie(&attempt("", PASSWORD).await, "known");
    for part in ["__Host-countersign_known=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=34560000"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    for _ in 0..11 {
        let refused = attempt("", "wrong").await;
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
        assert!(!refused.headers().contains_key(header::SET_COOKIE));
    }
    assert_eq!(attempt("", PASSWORD).await.status(), StatusCode::UNAUTHORIZED, "strangers are paused");
    let known = cookie.split(';').next().expect("a cookie");
    assert_eq!(attempt(known, PASSWORD).await.status(), StatusCode::OK, "the owner is not");
}
