//! The events of a page that waits for a code.

use super::{app, call, cookie};
use crate::{
    platform::passwords::Passwords,
    testing::{Fixture, PASSWORD, sqlite},
};
use app::{
    caller::Session,
    challenge::port::ChallengePort,
    error::{DeliveryFailure, DeliveryFailureKind},
    login::port::LoginPort,
};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use std::{sync::Arc, time::Duration};

const PATH: &str = "/api/challenge/events?audience=customer&purpose=sign_in";

async fn open(app: &Router, cookie: &str) -> Response {
    call(app, Method::GET, PATH, cookie, "").await
}

/// The next words of a stream; nothing at its end.
async fn heard(body: &mut Body) -> Option<String> {
    let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.expect("it says something")?;
    let bytes = frame.expect("a piece").into_data().expect("data");
    Some(String::from_utf8(bytes.to_vec()).expect("text"))
}

/// Everything up to these words.
async fn heard_until(body: &mut Body, words: &str) -> String {
    let mut all = String::new();
    while !all.contains(words) {
        all += &heard(body).await.expect("it goes on");
    }
    all
}

/// A server whose pages do not wait for mail servers, with a customer.
async fn quick() -> Fixture {
    let fixture = sqlite().await;
    fixture.enrolled_customer("carla@example.org").await;
    let mut quick = fixture.another_server(Passwords::with_cost(8, 1));
    Arc::get_mut(&mut quick.core).expect("nobody else has it").outbox.page = Duration::from_millis(20);
    quick
}

/// The customer, whose code the mail server has not answered yet.
async fn waiting(fixture: &Fixture) -> (String, Session) {
    fixture.mail.be_silent_to(Some("carla"));
    let done = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("the password is right");
    let session = fixture.session(&done.session.secret).await.expect("a session");
    (cookie("customer", &done.session.secret), session)
}

#[tokio::test]
async fn a_page_hears_that_its_code_was_taken_and_then_no_more() {
    let fixture = quick().await;
    let app = app(&fixture).await;
    let (cookie, _) = waiting(&fixture).await;
    let answer = open(&app, &cookie).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store");
    let mut body = answer.into_body();
    let first = heard(&mut body).await.expect("an event");
    assert!(first.contains("\"stage\":\"sending\""), "{first}");
    fixture.mail.be_silent_to(None);
    let second = heard(&mut body).await.expect("an event");
    assert!(second.contains("\"stage\":\"accepted\"") && second.contains("2026-01-01 00:00:00"), "{second}");
    let code = fixture.code();
    for hidden in ["carla", code.as_str()] {
        assert!(!first.contains(hidden) && !second.contains(hidden), "{hidden} is nobody's business");
    }
    assert!(heard(&mut body).await.expect("an event").contains("event: end"));
    assert_eq!(heard(&mut body).await, None);
}

#[tokio::test]
async fn a_page_hears_that_its_code_is_put_off_or_refused_without_the_servers_words() {
    let fixture = quick().await;
    let app = app(&fixture).await;
    let (cookie, _) = waiting(&fixture).await;
    let mut body = open(&app, &cookie).await.into_body();
    heard(&mut body).await.expect("an event");
    let failure = |kind| Some(DeliveryFailure { kind, answer: Some("451 the server's words".to_owned()) });
    fixture.mail.fail_with(failure(DeliveryFailureKind::Deferred));
    fixture.mail.be_silent_to(None);
    let put_off = heard_until(&mut body, "put_off").await;
    assert!(put_off.contains("\"stage\":\"put_off\"") && put_off.contains("Deferred"), "{put_off}");
    fixture.mail.fail_with(failure(DeliveryFailureKind::RecipientRefused));
    fixture.clock.pass(60);
    crate::outbox::service::send_due(&fixture.core).await.expect("runs");
    let refused = heard_until(&mut body, "refused").await;
    assert!(refused.contains("\"stage\":\"refused\"") && refused.contains("RecipientRefused"), "{refused}");
    assert!(!put_off.contains("words") && !refused.contains("words"));
}

#[tokio::test]
async fn the_stream_ends_with_the_sign_in() {
    let fixture = quick().await;
    let app = app(&fixture).await;
    let (cookie, session) = waiting(&fixture).await;
    let mut body = open(&app, &cookie).await.into_body();
    heard(&mut body).await.expect("an event");
    fixture.login().log_out(&session).await.expect("signs out");
    assert!(heard(&mut body).await.expect("an event").contains("event: end"));
    assert_eq!(heard(&mut body).await, None);
    assert_eq!(open(&app, &cookie).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_the_browser_that_waits_hears_and_not_too_often() {
    let fixture = quick().await;
    let app = app(&fixture).await;
    let (cookie, _) = waiting(&fixture).await;
    fixture.customer("conrad@example.org").await;
    let other = fixture.log_in("conrad@example.org", PASSWORD, None).await.expect("signs in");
    fixture.administrator("ada@example.org").await;
    let (admin, _) = fixture.log_in_admin("ada@example.org").await;
    let signed_in = super::cookie("customer", &other.session.secret);
    for cookie in ["", &signed_in, &super::cookie("admin", &admin)] {
        assert!(open(&app, cookie).await.status().is_client_error(), "{cookie}");
    }
    for bad in ["", "?audience=x&purpose=sign_in", "?audience=customer&purpose=x"] {
        let path = format!("/api/challenge/events{bad}");
        assert_eq!(call(&app, Method::GET, &path, "", "").await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(call(&app, Method::GET, &path, &cookie, "").await.status(), StatusCode::BAD_REQUEST);
    }
    let mut open_ones = Vec::new();
    for _ in 0..4 {
        let answer = open(&app, &cookie).await;
        assert_eq!(answer.status(), StatusCode::OK);
        open_ones.push(answer);
    }
    assert_eq!(open(&app, &cookie).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    open_ones.pop();
    assert_eq!(open(&app, &cookie).await.status(), StatusCode::OK, "its place came back");
}

#[tokio::test]
async fn another_server_tells_the_same() {
    let fixture = quick().await;
    let other = fixture.another_server(Passwords::with_cost(8, 1));
    let (cookie, session) = waiting(&fixture).await;
    let mut body = open(&app(&other).await, &cookie).await.into_body();
    assert!(heard(&mut body).await.expect("an event").contains("sending"));
    fixture.mail.be_silent_to(None);
    assert!(heard(&mut body).await.expect("an event").contains("accepted"));
    let screen = other.challenge().screen(&session, app::challenge::types::Purpose::SignIn).await.expect("shows");
    assert_eq!(screen.problem, None, "a reload tells the same");
    assert!(screen.progress.is_some_and(|progress| progress.stage.is_final()));
}
