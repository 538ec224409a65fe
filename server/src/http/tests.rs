//! What a stranger, a half-signed-in person, a customer and an administrator get from every address.

use super::{Site, router};
use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    ports::ports,
    testing::{House, PASSWORD, sqlite},
};
use app::login::{port::LoginPort, types::Audience};
use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};
use tower::ServiceExt;

/// Who may call a server function.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Everybody,
    /// A sign-in that waits for its code.
    Waiting,
    /// Any signed-in account, for itself.
    SignedIn,
    Admins,
}

/// Every server function. A new one that is missing here fails the test.
const FUNCTIONS: [(&str, For); 37] = [
    ("/api/account/check_set_up_link", For::Everybody),
    ("/api/account/me", For::SignedIn),
    ("/api/account/set_up", For::Everybody),
    ("/api/enrollment/code_screen", For::SignedIn),
    ("/api/enrollment/delete", For::SignedIn),
    ("/api/enrollment/overview", For::SignedIn),
    ("/api/enrollment/send_code", For::SignedIn),
    ("/api/enrollment/send_new_code", For::SignedIn),
    ("/api/enrollment/verify", For::SignedIn),
    ("/api/invitation/accept", For::Everybody),
    ("/api/invitation/check", For::Everybody),
    ("/api/invitation/invite", For::Admins),
    ("/api/invitation/pending", For::Admins),
    ("/api/invitation/ready", For::Admins),
    ("/api/invitation/send_again", For::Admins),
    ("/api/invitation/take_back", For::Admins),
    ("/api/login/code_screen", For::Waiting),
    ("/api/login/log_in", For::Everybody),
    ("/api/login/log_out", For::Everybody),
    ("/api/login/send_new_code", For::Waiting),
    ("/api/login/verify", For::Waiting),
    ("/api/policy/overview", For::Admins),
    ("/api/policy/set_allowed", For::Admins),
    ("/api/secondary_auth/delete", For::Admins),
    ("/api/secondary_auth/get", For::Admins),
    ("/api/secondary_auth/list", For::Admins),
    ("/api/secondary_auth/save", For::Admins),
    ("/api/services/delete", For::Admins),
    ("/api/services/get", For::Admins),
    ("/api/services/list", For::Admins),
    ("/api/services/save", For::Admins),
    ("/api/services/set_active", For::Admins),
    ("/api/users/details", For::Admins),
    ("/api/users/help", For::Admins),
    ("/api/users/list", For::Admins),
    ("/api/users/person", For::Admins),
    ("/api/users/rename", For::Admins),
];

/// A body that every function can read.
const BODY: &str = "audience=customer&email=x%40example.org&password=x&code=000000&token=x&name=x&id=&method=x&\
    service=x&title=x&allowed=false&active=false&form[title]=x&form[host]=x&form[port]=x&form[encryption]=x&\
    form[user_name]=x&form[password]=x&form[from_address]=x&form[from_name]=x&help=x&item=&query[search]=x";

async fn app(house: &House) -> Router {
    let core = &house.core;
    let ports = ports(core);
    let leptos = LeptosOptions::builder().output_name("countersign").build();
    let site = Site { core: core.clone(), ports, leptos, proxies: Vec::new(), secure: true };
    router(&Arc::new(site), Router::new()).layer(MockConnectInfo(SocketAddr::from(([192, 0, 2, 7], 4000))))
}

async fn call(app: &Router, method: Method, path: &str, cookie: &str, body: &str) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request");
    app.clone().oneshot(request).await.expect("an answer")
}

/// The cookies of a stranger, a waiting customer, a customer and an administrator.
async fn cookies(house: &House) -> [String; 4] {
    house.enrolled_customer("waiting@example.org").await;
    let waiting = house.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in");
    house.customer("carla@example.org").await;
    let customer = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
    let new = NewAccount { audience: Audience::Admin, email: "ada@example.org", name: "Ada", password: PASSWORD };
    create(&house.core, Actor::Server, &new).await.expect("an administrator");
    let login = house.login();
    let admin =
        login.log_in(&house.origin, Audience::Admin, "ada@example.org", PASSWORD, None, None).await.expect("signs in");
    let cookie = |audience: &str, token: &str| format!("__Host-countersign_{audience}_session={token}");
    [
        String::new(),
        cookie("customer", &waiting.session.secret),
        cookie("customer", &customer.session.secret),
        cookie("admin", &admin.session.secret),
    ]
}

#[tokio::test]
async fn every_server_function_refuses_whom_it_is_not_for() {
    let house = sqlite().await;
    let app = app(&house).await;
    let table: BTreeMap<_, _> = FUNCTIONS.into_iter().collect();
    let registered: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
    for path in &registered {
        assert!(table.contains_key(path), "{path} is missing from the table");
    }
    assert_eq!(registered.len(), table.len(), "the table names a function that is gone");
    let [nobody, waiting, customer, admin] = cookies(&house).await;
    for (path, wanted) in table {
        for (who, cookie, allowed) in [
            ("nobody", &nobody, wanted == For::Everybody),
            ("waiting", &waiting, matches!(wanted, For::Everybody | For::Waiting)),
            ("customer", &customer, matches!(wanted, For::Everybody | For::SignedIn)),
            ("admin", &admin, matches!(wanted, For::Everybody | For::Admins)),
        ] {
            // Signing out would end the session that the next call needs.
            if path == "/api/login/log_out" {
                continue;
            }
            let response = call(&app, Method::POST, path, cookie, BODY).await;
            let status = response.status();
            let refused =
                status == StatusCode::FORBIDDEN || status == StatusCode::UNAUTHORIZED && path != "/api/login/log_in";
            assert_eq!(!refused, allowed, "{path} answered {who} with {status}");
        }
        let get = call(&app, Method::GET, path, &admin, "").await.status();
        assert!(get.is_client_error() || get.is_redirection(), "{path} answered GET with {get}");
    }
}

#[tokio::test]
async fn pages_lead_to_the_sign_in_and_a_password_alone_is_refused() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [nobody, waiting, customer, admin] = cookies(&house).await;
    for path in ["/account", "/account/two-factor", "/account/two-factor/verify"] {
        let response = call(&app, Method::GET, path, &nobody, "").await;
        assert_eq!(
            (response.status(), &response.headers()["location"]),
            (StatusCode::SEE_OTHER, &"/login".parse().expect("a value"))
        );
        let response = call(&app, Method::GET, path, &waiting, "").await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(call(&app, Method::GET, path, &customer, "").await.status(), StatusCode::OK, "{path}");
    }
    for path in ["/admin", "/admin/settings/setup/services-manager", "/admin/profile/security", "/admin/none"] {
        for cookie in [&nobody, &waiting, &customer] {
            let response = call(&app, Method::GET, path, cookie, "").await;
            assert_eq!(
                (response.status(), &response.headers()["location"]),
                (StatusCode::SEE_OTHER, &"/admin/login".parse().expect("a value"))
            );
        }
    }
    assert_eq!(call(&app, Method::GET, "/admin", &admin, "").await.status(), StatusCode::OK);
    assert_eq!(call(&app, Method::GET, "/admin/none", &admin, "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&app, Method::GET, "/login/code", &waiting, "").await.status(), StatusCode::OK);
    assert_eq!(call(&app, Method::GET, "/demo/mailbox", &admin, "").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn cookies_headers_and_cross_site_calls() {
    let house = sqlite().await;
    let app = app(&house).await;
    house.customer("carla@example.org").await;
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
    for part in ["__Host-countersign_customer_session=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{part} is missing: {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let page = call(&app, Method::GET, "/login", "", "").await;
    let headers = page.headers();
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    for part in ["'nonce-", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{part} is missing: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let request = Request::post("/api/login/log_in")
        .header(header::HOST, "127.0.0.1")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.clone()))
        .expect("a request");
    assert_eq!(app.clone().oneshot(request).await.expect("an answer").status(), StatusCode::FORBIDDEN);
    let large = format!("{body}&x={}", "x".repeat(70_000));
    let status = call(&app, Method::POST, "/api/login/log_in", "", &large).await.status();
    assert!(!status.is_success(), "a body of 70 kB was read: {status}");
    let plain = Request::post("/api/login/log_in")
        .header(header::HOST, "127.0.0.1")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://evil.example/phish")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("audience=customer&email=a&password=b"))
        .expect("a request");
    let location = app.oneshot(plain).await.expect("an answer").headers()[header::LOCATION].clone();
    assert!(location.to_str().expect("text").starts_with('/'), "redirected to {location:?}");
}
