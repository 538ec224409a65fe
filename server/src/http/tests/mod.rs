//! What a stranger, a half-signed-in person, a customer and an administrator get from every address.

use super::{Site, router};
use crate::{
    ports::ports,
    testing::{Fixture, PASSWORD},
};
use app::configuration::types::Setting;
use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use std::{net::SocketAddr, sync::Arc};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

mod access;
mod approvals;
mod brand;
mod code_events;
mod connections;
mod cookies;
mod cost;
mod forms;
mod garbage;
mod guide;
mod headers;
mod language;
mod limits;
mod malformed;
mod message_templates;
mod metrics;
mod presets;
mod questions;
mod redirects;
mod request_ids;
mod secrets;
mod sms;
mod way_back;
mod well_known;

/// A body that every function can read.
const BODY: &str = "audience=customer&email=x%40example.org&password=x&code=000000&token=x&name=x&id=&kind=smtp&vendor=twilio&method=x&to=&\
    current_password=x&new_password=x&new_email=x&key=x&value=x&\
    service=x&title=x&allowed=false&active=false&form[title]=x&form[host]=x&form[port]=x&form[encryption]=x&\
    form[user_name]=x&form[password]=x&form[from_address]=x&form[from_name]=x&form[vendor]=twilio&help=x&item=&recovery_code=x&forbidden=false&message=code&subject=x&text=x&html=x&act=preview&accent=x&legal=x&privacy=x&slot=logo&values[x]=x&query[search]=x&query[account]=x&language=x&preset=x&answer=x&question=x";

async fn app(fixture: &Fixture) -> Router {
    site(fixture, true, ".")
}

/// The site with its files below a folder.
fn site(fixture: &Fixture, secure: bool, root: &str) -> Router {
    site_behind(fixture, secure, root, Vec::new())
}

/// The same behind proxies.
fn site_behind(fixture: &Fixture, secure: bool, root: &str, proxies: Vec<IpNet>) -> Router {
    let core = &fixture.core;
    let ports = ports(core);
    let leptos = LeptosOptions::builder().output_name("countersign").site_root(root).build();
    let security_contact = secure.then(|| "mailto:security@example.org".to_owned());
    let stopping = CancellationToken::new();
    let site = Site { core: core.clone(), ports, leptos, proxies, secure, security_contact, stopping };
    router(&Arc::new(site), Router::new()).layer(MockConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4000))))
}

async fn call(app: &Router, method: Method, path: &str, cookie: &str, body: &str) -> Response {
    call_with(app, method, path, cookie, body, &[]).await
}

async fn call_with(
    app: &Router,
    method: Method,
    path: &str,
    cookie: &str,
    body: &str,
    headers: &[(&str, &str)],
) -> Response {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "id.example.org")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::from(body.to_owned())).expect("a request")).await.expect("an answer")
}

/// Nothing runs in a document that an editor frames, and no other site frames it.
fn assert_framed(response: &Response) {
    let headers = response.headers();
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    for part in ["sandbox;", "default-src 'none'", "frame-ancestors 'self'", "form-action 'none'"] {
        assert!(policy.contains(part), "{part} is missing: {policy}");
    }
    assert!(!policy.contains("allow-scripts") && !policy.contains("script-src"), "{policy}");
    assert_eq!(headers[header::X_FRAME_OPTIONS], "SAMEORIGIN");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
}

async fn text_of(response: Response) -> String {
    let bytes = response.into_body().collect().await.expect("the whole body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The cookies of a stranger, a waiting customer, a customer and an administrator.
async fn cookies(fixture: &Fixture) -> [String; 4] {
    fixture.enrolled_customer("waiting@example.org").await;
    let waiting = fixture.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in");
    fixture.customer("carla@example.org").await;
    let customer = fixture.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
    fixture.administrator("ada@example.org").await;
    let (admin, _) = fixture.log_in_admin("ada@example.org").await;
    [
        String::new(),
        cookie("customer", &waiting.session.secret),
        cookie("customer", &customer.session.secret),
        cookie("admin", &admin),
    ]
}

/// Requires a second factor of administrators, in an installation where mail is offered. The cookies of one who has set it up,
/// and of one who has to do that first.
async fn required_of_admins(fixture: &Fixture) -> [String; 2] {
    for email in ["rita@example.org", "una@example.org"] {
        fixture.administrator(email).await;
    }
    let (ready, session) = fixture.log_in_admin("rita@example.org").await;
    fixture.enroll(&session).await;
    fixture.set(Setting::RequireAdminTwoFactor, 1).await;
    let (unready, _) = fixture.log_in_admin("una@example.org").await;
    [cookie("admin", &ready), cookie("admin", &unready)]
}

fn cookie(audience: &str, token: &str) -> String {
    format!("__Host-countersign_{audience}_session={token}")
}

/// The status and the text of an answer.
async fn status_and_text(response: Response) -> (StatusCode, String) {
    (response.status(), text_of(response).await)
}

/// The line that sets a cookie, whose name ends so.
fn set_cookie(response: &Response, name: &str) -> String {
    let lines = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let found = lines.filter(|line| line.split('=').next().is_some_and(|start| start.ends_with(name)));
    found.map(str::to_owned).next().expect("the cookie is set")
}

/// What a browser sends after an answer: its cookies and a new one, if there is one.
fn with_new_cookie(cookie: &str, response: &Response) -> String {
    let new = response.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    format!("{cookie}; {}", new.split(';').next().unwrap_or_default())
}
