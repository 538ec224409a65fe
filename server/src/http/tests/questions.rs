//! What asks before it takes protection away, as a browser without scripts meets it.

use super::{app, call, call_with, cookies, text_of};
use crate::testing::sqlite;
use app::{
    login::types::Audience,
    policy::{port::PolicyPort, routes::two_factor_auth_path},
};
use axum::http::{Method, header};

#[tokio::test]
async fn a_second_factor_is_switched_off_only_by_the_answer_to_a_question_that_counts() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let post = async |body: &str| {
        let html = [("accept", "text/html")];
        let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &html).await;
        response.headers().get(header::LOCATION).map(|to| to.to_str().expect("text").to_owned()).expect("leads on")
    };
    let page = async |path: &str| text_of(call(&app, Method::GET, path, &admin, "").await).await;
    let allowed = async || fixture.policy().overview().await.expect("shows").policies[1].allowed;
    let policy_page = two_factor_auth_path(Audience::Customer);

    assert!(page(&policy_page).await.contains("asked for it at sign-in."));
    let question = post("audience=customer&allowed=false").await;
    assert!(allowed().await, "one click changes nothing");
    let asked = page(&question).await;
    for part in ["Turn off two-factor authentication for customers?", "1 account has a second factor."] {
        assert!(asked.contains(part), "{part} is missing");
    }
    let done = post("audience=customer&allowed=false&confirmed=on").await;
    assert!(!allowed().await);
    let shown = page(&done).await;
    for part in ["Two-factor authentication is off.", "Undo", "while this is inactive"] {
        assert!(shown.contains(part), "{part} is missing");
    }
    assert!(!shown.contains("asked for it at sign-in."), "the text beside the switch is true");
    post("audience=customer&allowed=true").await;
    assert!(allowed().await, "taken back by one call");
}
