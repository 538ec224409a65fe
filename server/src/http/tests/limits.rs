//! What is turned away: too much, too slow, or while the database is away.

use super::{app, call, cookies, text_of};
use crate::{
    platform::passwords::Passwords,
    testing::{PASSWORD, sqlite},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use sea_orm::ConnectionTrait;
use std::time::Instant;
use tower::ServiceExt;

#[tokio::test]
async fn without_its_database_the_server_refuses_and_tells_nothing() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, waiting, customer, admin] = cookies(&fixture).await;
    fixture.core.db.close_by_ref().await.expect("closes");
    for (path, cookie) in [("/account", &customer), ("/login/code", &waiting), ("/admin", &admin)] {
        let response = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(response.headers().contains_key(header::RETRY_AFTER), "{path}");
    }
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(response.headers().contains_key(header::RETRY_AFTER));
    assert!(!response.headers().contains_key(header::SET_COOKIE));
    assert_eq!(text_of(response).await, "\"Unavailable\"");
    assert_eq!(call(&app, Method::GET, "/readyz", "", "").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(call(&app, Method::GET, "/healthz", "", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn overload_is_answered_503_with_retry_after() {
    let fixture = sqlite().await.another_server(Passwords::new());
    let app = app(&fixture).await;
    let calls = (0..150).map(|n| {
        let app = app.clone();
        let body = format!("audience=customer&email=nobody{n}%40example.org&password=x");
        tokio::spawn(async move { call(&app, Method::POST, "/api/login/log_in", "", &body).await })
    });
    let mut turned_away = 0;
    for one in calls.collect::<Vec<_>>() {
        let response = one.await.expect("runs");
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            turned_away += 1;
            assert!(response.headers().contains_key(header::RETRY_AFTER));
        }
    }
    assert!(turned_away > 0, "nobody was turned away");
}

#[tokio::test]
async fn a_request_that_does_not_end_is_answered_after_twenty_seconds() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::post("/api/login/log_in")
        .header(header::HOST, "id.example.org")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(endless)
        .expect("a request");
    let begun = Instant::now();
    let response = app.oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!((19..30).contains(&begun.elapsed().as_secs()), "after {:?}", begun.elapsed());
}

#[tokio::test]
async fn it_is_ready_only_while_its_database_can_be_written() {
    let fixture = sqlite().await;
    let ready = async || call(&app(&fixture).await, Method::GET, "/readyz", "", "").await.status();
    assert_eq!(ready().await, StatusCode::OK);
    // As on a full disk: what is there can be read.
    fixture.core.db.execute_unprepared("PRAGMA query_only = ON").await.expect("set");
    fixture.core.db.ping().await.expect("answers");
    assert_eq!(ready().await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(call(&app(&fixture).await, Method::GET, "/healthz", "", "").await.status(), StatusCode::OK);
    fixture.core.db.execute_unprepared("PRAGMA query_only = OFF").await.expect("set");
    assert_eq!(ready().await, StatusCode::OK);
}

/// SQLite tells at the end of a statement whether it was kept, after the rows that it returns. A full disk is tried by the
/// attack suite; here a reference that leads nowhere, which is looked at in the same moment, stands in for it.
#[tokio::test]
async fn what_is_not_kept_is_no_count() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    for sql in [
        "CREATE TABLE there (id integer PRIMARY KEY)",
        "CREATE TABLE nowhere (id integer REFERENCES there (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER full AFTER INSERT ON throttle BEGIN INSERT INTO nowhere VALUES (1); END",
    ] {
        fixture.core.db.execute_unprepared(sql).await.expect("made");
    }
    let body = "audience=customer&email=nobody%40example.org&password=x";
    let response = call(&app, Method::POST, "/api/login/log_in", "", body).await;
    assert!(response.status().is_server_error(), "{}", response.status());
    assert_ne!(call(&app, Method::GET, "/readyz", "", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn targets_that_are_too_long_are_refused() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let parameters = (0..10_000).map(|n| n.to_string()).collect::<Vec<_>>().join("&");
    let name = "a".repeat(256);
    for target in [format!("/login?{parameters}"), format!("/{name}"), format!("/pkg/{name}"), "/a".repeat(3_000)] {
        let response = call(&app, Method::GET, &target, "", "").await;
        assert_eq!(response.status(), StatusCode::URI_TOO_LONG, "{}", &target[..20]);
    }
    let longest = call(&app, Method::GET, &format!("/pkg/{}", "a".repeat(200)), "", "").await;
    assert_eq!(longest.status(), StatusCode::NOT_FOUND);
}
