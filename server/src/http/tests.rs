//! What a stranger, a half-signed-in person, a customer and an administrator get from every address.

use super::{Site, router};
use crate::{
    account::service::Accounts,
    account::service::{NewAccount, create},
    enrollment::service::Enrollments,
    entity,
    login::service::Login,
    passwords::Passwords,
    policy::service::Policies,
    secondary_auth::service::SecondaryAuths,
    services::{self, service::Services},
    testing::{House, PASSWORD, smtp_form, sqlite},
};
use app::{
    login::{port::LoginPort, types::Audience},
    policy::port::PolicyPort,
    ports::Ports,
    secondary_auth::port::SecondaryAuthPort,
    services::port::ServicesPort,
};
use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use sea_orm::{ActiveModelTrait, Set};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};
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
const FUNCTIONS: [(&str, For); 25] = [
    ("/api/account/check_set_up_link", For::Everybody),
    ("/api/account/me", For::SignedIn),
    ("/api/account/set_up", For::Everybody),
    ("/api/enrollment/code_screen", For::SignedIn),
    ("/api/enrollment/delete", For::SignedIn),
    ("/api/enrollment/overview", For::SignedIn),
    ("/api/enrollment/send_code", For::SignedIn),
    ("/api/enrollment/send_new_code", For::SignedIn),
    ("/api/enrollment/verify", For::SignedIn),
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
];

/// A body that every function can read.
const BODY: &str = "audience=customer&email=x%40example.org&password=x&code=000000&token=x&name=x&id=&method=x&\
    service=x&title=x&allowed=false&active=false&form[title]=x&form[host]=x&form[port]=x&form[encryption]=x&\
    form[user_name]=x&form[password]=x&form[from_address]=x&form[from_name]=x";

async fn app(house: &House) -> Router {
    site(house, true)
}

fn site(house: &House, secure: bool) -> Router {
    let core = &house.core;
    let ports = Ports {
        login: Arc::new(Login(core.clone())),
        account: Arc::new(Accounts(core.clone())),
        services: Arc::new(Services(core.clone())),
        secondary_auth: Arc::new(SecondaryAuths(core.clone())),
        policy: Arc::new(Policies(core.clone())),
        enrollment: Arc::new(Enrollments(core.clone())),
    };
    let leptos = LeptosOptions::builder().output_name("countersign").build();
    let site = Site { core: core.clone(), ports, leptos, proxies: Vec::new(), secure };
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
        .header(header::HOST, "127.0.0.1")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.clone().oneshot(request.body(Body::from(body.to_owned())).expect("a request")).await.expect("an answer")
}

async fn text_of(response: Response) -> String {
    let bytes = response.into_body().collect().await.expect("the whole body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The cookies of a stranger, a waiting customer, a customer and an administrator.
async fn cookies(house: &House) -> [String; 4] {
    house.enrolled_customer("waiting@example.org").await;
    let waiting = house.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in");
    house.customer("carla@example.org").await;
    let customer = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
    let new = NewAccount { audience: Audience::Admin, email: "ada@example.org", name: "Ada", password: PASSWORD };
    create(&house.core, &new).await.expect("an administrator");
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

#[tokio::test]
async fn cross_site_calls_change_nothing() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, _, admin] = cookies(&house).await;
    let switch_off = async |headers: &[(&str, &str)]| {
        let body = "audience=customer&allowed=false";
        call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, headers).await.status()
    };
    let allowed = async || house.policy().overview().await.expect("shows").policies[1].allowed;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1")],
        [("sec-fetch-site", "same-site"), ("x", "x")],
        [("origin", "https://evil.example"), ("x", "x")],
        [("origin", "http://127.0.0.1:8080"), ("x", "x")],
        [("origin", "null"), ("x", "x")],
    ] {
        assert_eq!(switch_off(&headers).await, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(allowed().await, "{headers:?} changed the policy");
    }
    assert!(switch_off(&[("sec-fetch-site", "same-origin")]).await.is_success());
    assert!(!allowed().await, "the page's own call works");
}

#[tokio::test]
async fn without_https_nothing_pretends_it() {
    let house = sqlite().await;
    let app = site(&house, false);
    house.customer("carla@example.org").await;
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert!(!response.headers().contains_key(header::STRICT_TRANSPORT_SECURITY));
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text");
    assert!(cookie.starts_with("countersign_customer_session=") && !cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn every_page_has_a_nonce_of_its_own_and_private_pages_are_not_stored() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, waiting, customer, admin] = cookies(&house).await;
    let mut nonces = BTreeSet::new();
    for (path, cookie) in [
        ("/login", ""),
        ("/login", ""),
        ("/login/code", waiting.as_str()),
        ("/account/two-factor", customer.as_str()),
        ("/admin/settings/setup/services-manager", admin.as_str()),
        ("/admin/none", admin.as_str()),
    ] {
        let page = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(page.headers()[header::CACHE_CONTROL], "no-store", "{path}");
        let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        let nonce =
            policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        let html = text_of(page).await;
        for script in html.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: a script without the nonce: {tag}");
        }
        assert!(html.contains("<script"), "{path} has no script");
        assert!(nonces.insert(nonce), "{path}: a nonce was used twice");
    }
}

#[tokio::test]
async fn a_page_keeps_its_headers_while_other_answers_are_given() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, customer, _] = cookies(&house).await;
    for _ in 0..50 {
        // While the page waits for the database, its thread serves others.
        let page = call(&app, Method::GET, "/account", &customer, "");
        let file = call(&app, Method::GET, "/Cargo.toml", "", "");
        let data = call(&app, Method::POST, "/api/account/me", &customer, "audience=customer");
        let (page, file, data) = tokio::join!(page, file, data);
        let policy = |response: &Response| format!("{:?}", response.headers()[header::CONTENT_SECURITY_POLICY]);
        assert!(policy(&page).contains("nonce-"), "the page lost its policy");
        for other in [file, data] {
            assert_eq!(other.status(), StatusCode::OK);
            assert!(!policy(&other).contains("nonce-"), "an answer got the policy of a page");
        }
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, waiting, customer, _] = cookies(&house).await;
    for (cookie, path) in [(&customer, "/account"), (&waiting, "/login/code")] {
        assert_eq!(call(&app, Method::GET, path, cookie, "").await.status(), StatusCode::OK);
        let out = call(&app, Method::POST, "/api/login/log_out", cookie, "audience=customer").await;
        assert!(out.headers()[header::SET_COOKIE].to_str().expect("text").contains("Max-Age=0"));
        let after = call(&app, Method::GET, path, cookie, "").await;
        assert_eq!(after.headers()[header::LOCATION], "/login", "the old cookie still opens {path}");
    }
}

#[tokio::test]
async fn every_refused_sign_in_gets_the_same_answer() {
    let house = sqlite().await;
    let app = app(&house).await;
    for email in ["carla@example.org", "conrad@example.org"] {
        house.customer(email).await;
    }
    let disabled = entity::account::ActiveModel {
        id: Set(house.customer("gone@example.org").await),
        disabled_at: Set(Some(house.now())),
        ..Default::default()
    };
    disabled.update(&house.core.db).await.expect("disabled");
    let log_in = async |email: &str, password: &str| {
        let body = format!("audience=customer&email={email}&password={password}");
        let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
        let mut headers = response.headers().clone();
        // It differs with the length of the address, which comes back as it was typed.
        headers.remove(header::CONTENT_LENGTH);
        (response.status(), format!("{headers:?}"), text_of(response).await.replace(email, "what was typed"))
    };
    let unknown = log_in("nobody@example.org", PASSWORD).await;
    assert_eq!(unknown.0, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in("carla@example.org", "wrong").await, unknown);
    assert_eq!(log_in("gone@example.org", PASSWORD).await, unknown);
    for _ in 0..10 {
        assert_eq!(log_in("conrad@example.org", "wrong").await, unknown);
    }
    assert_eq!(log_in("conrad@example.org", PASSWORD).await, unknown, "paused");
}

#[tokio::test]
async fn pages_and_answers_hold_no_secret_and_nobody_elses_data() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, waiting, customer, admin] = cookies(&house).await;
    let service = house.services().list().await.expect("lists")[0].id;
    let auth = house.secondary_auth().list().await.expect("lists")[0].id;
    let relay = smtp_form().password;
    let sealed = services::store::by_id(&house.core.db, service).await.expect("answers").and_then(|row| row.secret);
    let (code, sealed) = (house.code(), sealed.expect("a sealed password"));
    let manager = "/admin/settings/setup/services-manager";
    for (path, cookie, others) in [
        ("/login/code".to_owned(), &waiting, "waiting@example.org"),
        ("/account".to_owned(), &customer, "waiting@example.org"),
        ("/account/two-factor".to_owned(), &customer, "waiting@example.org"),
        ("/account/two-factor/verify".to_owned(), &customer, "waiting@example.org"),
        ("/admin/profile/security".to_owned(), &admin, "waiting@example.org"),
        (manager.to_owned(), &admin, "carla@example.org"),
        (format!("{manager}/services"), &admin, "carla@example.org"),
        (format!("{manager}/services/{service}"), &admin, "carla@example.org"),
        (format!("{manager}/secondary-auth/{auth}"), &admin, "carla@example.org"),
    ] {
        let response = call(&app, Method::GET, &path, cookie, "").await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let html = text_of(response).await;
        let token = cookie.split('=').nth(1).expect("a token");
        for secret in [relay.as_str(), &sealed, token, "$argon2", others] {
            assert!(!html.contains(secret), "{path} holds {secret}");
        }
        let mut numbers = html.split(|c: char| !c.is_ascii_alphanumeric());
        assert!(numbers.all(|word| word != code), "{path} holds the code");
    }
    // What was typed comes back with an error, but for the secrets; a plain form carries it in the address.
    let wrong = format!(
        "id={service}&form[title]=&form[host]=x&form[port]=1&form[encryption]=tls&form[user_name]=u&\
         form[password]=typed-secret&form[from_address]=a&form[from_name]=n"
    );
    let log_in = "audience=customer&email=carla%40example.org&password=typed-secret";
    for (path, body) in [("/api/services/save", wrong.as_str()), ("/api/login/log_in", log_in)] {
        let answer = call(&app, Method::POST, path, &admin, body).await;
        assert!(answer.status().is_client_error());
        assert!(!text_of(answer).await.contains("typed-secret"), "{path}");
        let plain = call_with(&app, Method::POST, path, &admin, body, &[("accept", "text/html")]).await;
        assert!(plain.status().is_redirection());
        assert!(!format!("{:?}", plain.headers()).contains("typed-secret"), "{path}");
    }
}

#[tokio::test]
async fn names_and_titles_add_no_markup_to_a_page() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, _, admin] = cookies(&house).await;
    let markup = "</script><img src=x onerror=alert(1)>";
    let (me, service) = (house.admin(), house.services().list().await.expect("lists")[0].id);
    house.secondary_auth().save(&me, None, &service.to_string(), markup).await.expect("any line is a title");
    let new = NewAccount { audience: Audience::Customer, email: "m@example.org", name: markup, password: PASSWORD };
    create(&house.core, &new).await.expect("any line is a name");
    let mallory = house.log_in("m@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let mallory = format!("__Host-countersign_customer_session={mallory}");
    for (path, cookie) in [
        ("/admin/settings/setup/services-manager/secondary-auth", &admin),
        ("/account", &mallory),
        ("/account/two-factor", &mallory),
    ] {
        let html = text_of(call(&app, Method::GET, path, cookie, "").await).await;
        assert!(html.contains("onerror=alert(1)"), "{path} does not show it at all");
        assert!(!html.contains("<img src=x") && !html.contains("</script><img"), "{path} holds markup");
    }
}

#[tokio::test]
async fn the_two_factor_page_says_that_mail_is_the_weaker_way() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, customer, _] = cookies(&house).await;
    let html = text_of(call(&app, Method::GET, "/account/two-factor", &customer, "").await).await;
    assert!(html.contains("weaker than other methods"));
}

#[tokio::test]
async fn without_its_database_the_server_refuses_and_tells_nothing() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, waiting, customer, admin] = cookies(&house).await;
    house.core.db.close_by_ref().await.expect("closes");
    for (path, cookie) in [("/account", &customer), ("/login/code", &waiting), ("/admin", &admin)] {
        assert_eq!(call(&app, Method::GET, path, cookie, "").await.status(), StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let body = format!("audience=customer&email=carla%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!response.headers().contains_key(header::SET_COOKIE));
    assert_eq!(text_of(response).await, "\"Internal\"");
    assert_eq!(call(&app, Method::GET, "/readyz", "", "").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(call(&app, Method::GET, "/healthz", "", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn overload_is_answered_503_with_retry_after() {
    let house = sqlite().await.another_server(Passwords::new());
    let app = app(&house).await;
    let calls = (0..150).map(|_| {
        let app = app.clone();
        let body = "audience=customer&email=nobody%40example.org&password=x";
        tokio::spawn(async move { call(&app, Method::POST, "/api/login/log_in", "", body).await })
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
