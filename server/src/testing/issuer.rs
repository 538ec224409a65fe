//! Someone on loopback who issues tokens, as told.

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// What it was asked, form by form.
pub type Asked = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct Issuer {
    asked: Asked,
    answer: Arc<dyn Fn(usize) -> Response + Send + Sync>,
}

/// Its address, and what it was asked. The answer depends on how often it was asked before.
pub async fn issuer(answer: impl Fn(usize) -> Response + Send + Sync + 'static) -> (String, Asked) {
    let issuer = Issuer { asked: Asked::default(), answer: Arc::new(answer) };
    let asked = issuer.asked.clone();
    let handle = async |State(issuer): State<Issuer>, body: String| {
        let before = {
            let mut asked = issuer.asked.lock().expect("kept");
            asked.push(body);
            asked.len() - 1
        };
        // Whoever asks at the same time has come by then.
        tokio::time::sleep(Duration::from_millis(50)).await;
        (issuer.answer)(before)
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/token", listener.local_addr().expect("an address"));
    let router = Router::new().fallback(handle).with_state(issuer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

/// An answer in JSON.
pub fn json(status: StatusCode, body: &str) -> Response {
    (status, [("content-type", "application/json")], body.to_owned()).into_response()
}

/// A token for an hour, with another refresh token each time.
pub fn token_of(n: usize) -> Response {
    let body = format!(r#"{{"access_token":"access-{n}","expires_in":3600,"refresh_token":"refresh-{n}"}}"#);
    json(StatusCode::OK, &body)
}
