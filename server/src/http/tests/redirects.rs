//! What an address carries back to a page after a form without scripts.

use super::{app, call, call_with, cookies, text_of};
use crate::testing::sqlite;
use app::error::{AppError, Refusal};
use axum::{
    Router,
    http::{Method, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE};

const PAGE: &str = "/login";

/// Where a plain form of the sign-in page is led to, and the cookie that it gets.
async fn failed(app: &Router, from: &str) -> (String, String) {
    let headers = [("accept", "text/html"), ("referer", from)];
    let body = "audience=customer&email=carla%40example.org&password=x";
    let response = call_with(app, Method::POST, "/api/login/log_in", "", body, &headers).await;
    let location = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["__Host-countersign_redirect=", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=300"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    (location.trim_start_matches("https://id.example.org").to_owned(), cookie)
}

#[tokio::test]
async fn a_failure_is_shown_to_the_browser_that_it_happened_to_and_to_nobody_else() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let (path, cookie) = failed(&app, &format!("https://id.example.org{PAGE}?to=1")).await;
    let page = call(&app, Method::GET, &path, &cookie, "").await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = text_of(page).await;
    assert!(page.contains("role=\"alert\"") && page.contains("value=\"carla@example.org\""), "{page}");

    let (_, another) = failed(&app, "https://id.example.org/admin/login").await;
    let elsewhere = path.replace(PAGE, "/login/forgot");
    let more = format!("{path}&more=1");
    for (path, cookie) in [(&path, ""), (&path, &*another), (&elsewhere, &*cookie), (&more, &*cookie)] {
        let answer = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        let location = answer.headers()[header::LOCATION].to_str().expect("text");
        assert!(location.contains("?to=1") && !location.contains("__"), "{location}");
    }
    fixture.clock.pass(301);
    assert_eq!(call(&app, Method::GET, &path, &cookie, "").await.status(), StatusCode::SEE_OTHER, "it is too old");
}

#[tokio::test]
async fn a_page_that_fails_twice_tells_the_last_failure() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let (first, _) = failed(&app, &format!("https://id.example.org{PAGE}")).await;
    let (path, cookie) = failed(&app, &format!("https://id.example.org{first}")).await;
    assert_eq!(path.matches("__err").count(), 1, "{path}");
    assert_eq!(call(&app, Method::GET, &path, &cookie, "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn no_text_of_a_crafted_address_is_shown() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let words = "Call +1 555 0100 to unlock your account";
    let error = AppError::refused(Refusal::WrongLogin).with_typed(&[("email", words)]);
    let error = URL_SAFE.encode(serde_json::to_string(&error).expect("JSON"));
    let function = "%2Fapi%2Flogin%2Flog_in";
    for (path, clean) in [
        (format!("/login?__path={function}&__err={error}"), "/login"),
        (format!("/login?%5F_path={function}&_%5Ferr={error}&q=1"), "/login?q=1"),
        (format!("/login?__err={error}"), "/login"),
        (format!("//evil.example/?__err={error}"), "/evil.example/"),
        (
            "/admin/settings/setup/services-manager/services/new/smtp?done=test_sent&host=evil.example".to_owned(),
            "/admin/settings/setup/services-manager/services/new/smtp",
        ),
        (
            "/admin/settings/setup/services-manager/services/new/smtp?done=preset&preset=gmail&host=evil.example"
                .to_owned(),
            "/admin/settings/setup/services-manager/services/new/smtp",
        ),
    ] {
        for cookie in [admin.clone(), format!("{admin}; __Host-countersign_redirect=9999999999.x")] {
            let answer = call(&app, Method::GET, &path, &cookie, "").await;
            assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
            assert_eq!(answer.headers()[header::LOCATION], clean, "{path}");
        }
    }
}
