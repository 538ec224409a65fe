//! The line that leads through the set-up, as a browser without scripts gets it.

use super::{app, call, cookie, cookies, required_of_admins, status_and_text};
use crate::testing::sqlite;
use app::{
    login::types::Audience,
    policy::routes::{SERVICES_MANAGER_PATH, two_factor_auth_path},
    recovery::port::RecoveryPort,
    services::routes::NEW_SERVICE_PATH,
};
use axum::http::{Method, StatusCode};

#[tokio::test]
async fn an_administrator_is_led_from_step_to_step_where_steps_are_done() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.administrator("ada@example.org").await;
    let (token, _) = fixture.log_in_admin("ada@example.org").await;
    let admin = cookie("admin", &token);
    let page = async |path: &str| {
        let (status, text) = status_and_text(call(&app, Method::GET, path, &admin, "").await).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        text
    };
    let dashboard = page("/admin").await;
    for part in ["Welcome.", "1 of 9 steps done", "<progress", "aria-current=\"step\"", NEW_SERVICE_PATH] {
        assert!(dashboard.contains(part), "{part} is missing");
    }
    for path in ["/admin", "/admin/audit", "/admin/customers"] {
        assert!(!page(path).await.contains("Setup: "), "{path}");
    }
    let manager = page(SERVICES_MANAGER_PATH).await;
    assert!(manager.contains("Setup: 1 of 9 steps done.") && manager.contains("Next: Add a service provider"));
    let there = page(NEW_SERVICE_PATH).await;
    assert!(there.contains("Now: Add a service provider") && !there.contains("Next: "), "no link to where one is");
    fixture.offer_mail().await;
    assert!(page(SERVICES_MANAGER_PATH).await.contains("Next: Set up your own second factor"));
    assert!(!page("/admin").await.contains("Welcome."), "only before the first step");
}

#[tokio::test]
async fn nobody_else_is_led_and_nobody_who_is_through() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., customer, _] = cookies(&fixture).await;
    let (status, text) = status_and_text(call(&app, Method::GET, "/account/two-factor", &customer, "").await).await;
    assert!(status == StatusCode::OK && !text.contains("Setup: "));
    let [ready, unready] = required_of_admins(&fixture).await;
    let profile = Audience::Admin.two_factor_path();
    // Who has to set up a second factor first reaches the page, and reads only that.
    let (status, text) = status_and_text(call(&app, Method::GET, profile, &unready, "").await).await;
    assert!(status == StatusCode::OK && !text.contains("Setup: "), "{status}");
    let path = two_factor_auth_path(Audience::Admin);
    let led = async || status_and_text(call(&app, Method::GET, &path, &ready, "").await).await.1.contains("Setup: ");
    assert!(led().await);
    let (_, session) = fixture.log_in_admin("rita@example.org").await;
    fixture.recovery().make(&session).await.expect("codes");
    assert!(!led().await);
}
