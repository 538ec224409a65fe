//! A change that waits for a second administrator, as browsers with and without scripts meet it.

use super::{app, call, call_with, cookies, text_of};
use crate::testing::sqlite;
use app::{
    approvals::routes::{APPROVALS_PATH, asked_path},
    configuration::types::Setting,
    error::AppError,
    policy::port::PolicyPort,
};
use axum::http::{Method, StatusCode, header};

#[tokio::test]
async fn a_change_that_waits_is_answered_202_and_leads_to_the_approvals() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    fixture.set(Setting::SecondApproval, 1).await;
    let body = "audience=customer&allowed=false&confirmed=on";
    let script = [("accept", "application/json")];
    let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &script).await;
    assert_eq!(response.status(), StatusCode::ACCEPTED);
    assert_eq!(response.headers()[header::LOCATION].to_str().ok(), Some(asked_path().as_str()));
    assert!(response.headers().contains_key("serverfnredirect"), "scripts follow it too");
    let error: AppError = serde_json::from_str(&text_of(response).await).expect("an error");
    assert_eq!(error, AppError::AwaitsApproval, "programs are told that it was not done");

    let plain = [("accept", "text/html,*/*"), ("referer", "https://id.example.org/admin/settings/setup")];
    let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &plain).await;
    assert_eq!(response.status(), StatusCode::FOUND);
    assert_eq!(response.headers()[header::LOCATION].to_str().ok(), Some(asked_path().as_str()));
    assert!(fixture.policy().overview().await.expect("shows").policies[1].allowed);
    let page = text_of(call(&app, Method::GET, &asked_path(), &admin, "").await).await;
    for part in ["Your change is not made yet.", "customer, not allowed", ">Withdraw<", "You requested this."] {
        assert!(page.contains(part), "{part} is missing");
    }
    assert!(!page.contains(">Approve<"), "nobody approves their own");
    let empty = text_of(call(&app, Method::GET, "/admin", &admin, "").await).await;
    assert!(!empty.contains("waits for your approval") && empty.contains(APPROVALS_PATH));
}
