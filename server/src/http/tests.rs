//! What a stranger, a half-signed-in person, a customer and an administrator get from every address.

use super::{Site, router};
use crate::{
    account::service::{NewAccount, create},
    audit::Actor,
    entity::{self, audit_event},
    offers,
    platform::passwords::Passwords,
    ports::ports,
    testing::{House, PASSWORD, smtp_form, sqlite},
};
use app::{
    configuration::{labels, types::Setting},
    login::types::Audience,
    policy::port::PolicyPort,
    secondary_auth::port::SecondaryAuthPort,
    services::{port::ServicesPort, types::Channel},
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
use leptos_axum::generate_route_list;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
    time::Instant,
};
use tower::ServiceExt;

mod sms;

/// Who may call a server function.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Everybody,
    /// A sign-in that waits for its code.
    Waiting,
    /// Any signed-in account, for itself.
    #[allow(dead_code, reason = "so far all of them serve enrollment too")]
    SignedIn,
    /// A signed-in account whose step-up waits for its code.
    Confirming,
    /// The same as signed in, and also an administrator who has to set up a second factor first.
    Enrolling,
    Admins,
}

/// Every server function. A new one that is missing here fails the test.
const FUNCTIONS: &[(&str, For)] = &[
    ("/api/account/advice", For::SignedIn),
    ("/api/account/ask_for_email", For::SignedIn),
    ("/api/account/change_name", For::SignedIn),
    ("/api/account/change_password", For::SignedIn),
    ("/api/account/check_set_up_link", For::Everybody),
    ("/api/account/confirm_email", For::Everybody),
    ("/api/account/dismiss_suggestion", For::SignedIn),
    ("/api/account/email_link", For::Everybody),
    ("/api/account/me", For::Enrolling),
    ("/api/account/security", For::SignedIn),
    ("/api/account/set_up", For::Everybody),
    ("/api/audit/list", For::Admins),
    ("/api/configuration/list", For::Admins),
    ("/api/configuration/save", For::Admins),
    ("/api/dashboard/overview", For::Admins),
    ("/api/devices/list", For::SignedIn),
    ("/api/devices/revoke", For::SignedIn),
    ("/api/devices/revoke_all", For::SignedIn),
    ("/api/enrollment/delete", For::Enrolling),
    ("/api/enrollment/overview", For::Enrolling),
    ("/api/enrollment/prefer", For::Enrolling),
    ("/api/enrollment/proving", For::Enrolling),
    ("/api/enrollment/register_passkey", For::Enrolling),
    ("/api/enrollment/send_code", For::Enrolling),
    ("/api/enrollment/send_new_code", For::Enrolling),
    ("/api/enrollment/verify", For::Enrolling),
    ("/api/invitation/accept", For::Everybody),
    ("/api/invitation/check", For::Everybody),
    ("/api/invitation/invite", For::Admins),
    ("/api/invitation/pending", For::Admins),
    ("/api/invitation/ready", For::Admins),
    ("/api/invitation/send_again", For::Admins),
    ("/api/invitation/take_back", For::Admins),
    ("/api/login/choose_method", For::Waiting),
    ("/api/login/code_screen", For::Waiting),
    ("/api/login/log_in", For::Everybody),
    ("/api/login/log_out", For::Everybody),
    ("/api/login/methods", For::Waiting),
    ("/api/login/send_new_code", For::Waiting),
    ("/api/login/verify", For::Waiting),
    ("/api/password/ask_reset", For::Everybody),
    ("/api/password/reset_link", For::Everybody),
    ("/api/password/set", For::Everybody),
    ("/api/policy/check_forbid", For::Admins),
    ("/api/policy/overview", For::Admins),
    ("/api/policy/set_allowed", For::Admins),
    ("/api/policy/set_forbidden", For::Admins),
    ("/api/recovery/helpdesk", For::Admins),
    ("/api/recovery/issue", For::Admins),
    ("/api/recovery/make", For::SignedIn),
    ("/api/recovery/overview", For::SignedIn),
    ("/api/recovery/sign_in", For::Waiting),
    ("/api/recovery/step_up", For::Confirming),
    ("/api/registration/finish", For::Everybody),
    ("/api/registration/is_open", For::Everybody),
    ("/api/registration/link", For::Everybody),
    ("/api/registration/register", For::Everybody),
    ("/api/secondary_auth/delete", For::Admins),
    ("/api/secondary_auth/get", For::Admins),
    ("/api/secondary_auth/list", For::Admins),
    ("/api/secondary_auth/save", For::Admins),
    ("/api/services/delete", For::Admins),
    ("/api/services/get", For::Admins),
    ("/api/services/list", For::Admins),
    ("/api/services/new", For::Admins),
    ("/api/services/new_sms", For::Admins),
    ("/api/services/save", For::Admins),
    ("/api/services/save_plain", For::Admins),
    ("/api/services/save_sms", For::Admins),
    ("/api/services/set_active", For::Admins),
    ("/api/sessions/end", For::SignedIn),
    ("/api/sessions/end_others", For::SignedIn),
    ("/api/sessions/list", For::SignedIn),
    ("/api/step_up/choose_method", For::Confirming),
    ("/api/step_up/code_screen", For::Confirming),
    ("/api/step_up/confirm", For::Enrolling),
    ("/api/step_up/methods", For::Confirming),
    ("/api/step_up/send_new_code", For::Confirming),
    ("/api/step_up/verify", For::Confirming),
    ("/api/users/details", For::Admins),
    ("/api/users/help", For::Admins),
    ("/api/users/list", For::Admins),
    ("/api/users/person", For::Admins),
    ("/api/users/rename", For::Admins),
];

/// A body that every function can read.
const BODY: &str = "audience=customer&email=x%40example.org&password=x&code=000000&token=x&name=x&id=&kind=smtp&vendor=twilio&method=x&to=&\
    current_password=x&new_password=x&new_email=x&key=x&value=x&\
    service=x&title=x&allowed=false&active=false&form[title]=x&form[host]=x&form[port]=x&form[encryption]=x&\
    form[user_name]=x&form[password]=x&form[from_address]=x&form[from_name]=x&form[vendor]=twilio&help=x&item=&recovery_code=x&forbidden=false&query[search]=x&query[account]=x";

async fn app(house: &House) -> Router {
    site(house, true)
}

fn site(house: &House, secure: bool) -> Router {
    let core = &house.core;
    let ports = ports(core);
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

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The cookies of a stranger, a waiting customer, a customer and an administrator.
async fn cookies(house: &House) -> [String; 4] {
    house.enrolled_customer("waiting@example.org").await;
    let waiting = house.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in");
    house.customer("carla@example.org").await;
    let customer = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in");
    house.administrator("ada@example.org").await;
    let (admin, _) = house.log_in_admin("ada@example.org").await;
    [
        String::new(),
        cookie("customer", &waiting.session.secret),
        cookie("customer", &customer.session.secret),
        cookie("admin", &admin),
    ]
}

/// Requires a second factor of administrators, in a house where mail is offered. The cookies of one who has set it up,
/// and of one who has to do that first.
async fn required_of_admins(house: &House) -> [String; 2] {
    for email in ["rita@example.org", "una@example.org"] {
        house.administrator(email).await;
    }
    let (ready, session) = house.log_in_admin("rita@example.org").await;
    house.enroll(&session).await;
    house.set(Setting::RequireAdminTwoFactor, 1).await;
    let (unready, _) = house.log_in_admin("una@example.org").await;
    [cookie("admin", &ready), cookie("admin", &unready)]
}

fn cookie(audience: &str, token: &str) -> String {
    format!("__Host-countersign_{audience}_session={token}")
}

#[tokio::test]
async fn every_server_function_refuses_whom_it_is_not_for() {
    let house = sqlite().await;
    let app = app(&house).await;
    let table: BTreeMap<_, _> = FUNCTIONS.iter().copied().collect();
    let registered: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
    for path in &registered {
        assert!(table.contains_key(path), "{path} is missing from the table");
    }
    assert_eq!(registered.len(), table.len(), "the table names a function that is gone");
    let [nobody, waiting, customer, _] = cookies(&house).await;
    let [admin, unready] = required_of_admins(&house).await;
    let as_admin = BODY.replace("audience=customer", "audience=admin");
    for (path, wanted) in table {
        for (who, cookie, body, allowed) in [
            ("nobody", &nobody, BODY, wanted == For::Everybody),
            ("waiting", &waiting, BODY, matches!(wanted, For::Everybody | For::Waiting)),
            ("customer", &customer, BODY, matches!(wanted, For::Everybody | For::SignedIn | For::Enrolling)),
            ("admin", &admin, BODY, matches!(wanted, For::Everybody | For::Admins)),
            (
                "an administrator who has to enroll",
                &unready,
                &as_admin,
                matches!(wanted, For::Everybody | For::Enrolling),
            ),
        ] {
            // Signing out would end the session that the next call needs.
            if path == "/api/login/log_out" {
                continue;
            }
            let response = call(&app, Method::POST, path, cookie, body).await;
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
async fn no_server_function_changes_or_removes_an_audit_event() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [.., customer, admin] = cookies(&house).await;
    let events = async || {
        let rows = audit_event::Entity::find().order_by_asc(audit_event::Column::Id).all(&house.core.db).await;
        rows.expect("the database answers")
    };
    let before = events().await;
    assert!(before.len() > 5);
    let id = before[0].id.to_string();
    for (path, _) in FUNCTIONS.iter().copied() {
        for body in [BODY.to_owned(), BODY.replace("id=&", &format!("id={id}&")), BODY.replace("=x", &format!("={id}"))]
        {
            for cookie in [&customer, &admin] {
                if path != "/api/login/log_out" {
                    call(&app, Method::POST, path, cookie, &body).await;
                }
            }
        }
    }
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for path in ["/admin/audit", "/admin/audit.csv"] {
            let status = call(&app, method.clone(), path, &admin, "").await.status();
            assert!(status.is_client_error(), "{path} answered {method} with {status}");
        }
    }
    let after = events().await;
    assert_eq!(after[..before.len()], before);
    assert!(after.len() > before.len(), "what they did was recorded");
}

#[tokio::test]
async fn the_audit_log_is_downloaded_by_administrators_only() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [nobody, waiting, customer, admin] = cookies(&house).await;
    for cookie in [&nobody, &waiting, &customer] {
        let response = call(&app, Method::GET, "/admin/audit.csv", cookie, "").await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/admin/login");
    }
    let response = call(&app, Method::GET, "/admin/audit.csv?action=account_created&account=ada", &admin, "").await;
    assert_eq!(response.status(), StatusCode::OK);
    let headers = response.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"audit-2026-01-01.csv\"");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let text = text_of(response).await;
    assert_eq!(text.lines().count(), 2, "the head and one line: {text}");
    assert!(text.contains("account_created") && text.contains("ada@example.org"));
    let wrong = call(&app, Method::GET, "/admin/audit.csv?from=yesterday", &admin, "").await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_audit_page_and_the_dashboard_hold_what_they_show_without_scripts() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [.., admin] = cookies(&house).await;
    let page = async |path: &str| {
        let response = call(&app, Method::GET, path, &admin, "").await;
        assert_ne!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        text_of(response).await
    };
    let log = page("/admin/audit?account=ada&action=logged_in").await;
    for part in ["Signed in", "ada@example.org", "192.0.2.1", "2026-01-01 00:00:00", "/admin/audit.csv?account=ada"] {
        assert!(log.contains(part), "{part} is missing");
    }
    assert!(!log.contains("<td>carla@example.org"), "the filter holds");
    assert!(page("/admin/audit?account=nobody").await.contains("No event matches this filter."));
    let wrong = page("/admin/audit?from=yesterday").await;
    assert!(wrong.contains("This is not a date.") && wrong.contains("value=\"yesterday\""));
    let script = page("/admin/audit?account=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!script.contains("<script>alert(1)"));
    let dashboard = page("/admin").await;
    for part in ["Dashboard", "Who is protected", "1 of 2 accounts", "Set up your own second factor"] {
        assert!(dashboard.contains(part), "{part} is missing");
    }
}

#[tokio::test]
async fn pages_lead_to_the_sign_in_and_a_password_alone_is_refused() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [nobody, waiting, customer, admin] = cookies(&house).await;
    for path in
        ["/account", "/account/two-factor", "/account/two-factor/verify", "/account/security", "/account/confirm"]
    {
        let response = call(&app, Method::GET, path, &nobody, "").await;
        assert_eq!(
            (response.status(), &response.headers()["location"]),
            (StatusCode::SEE_OTHER, &"/login".parse().expect("a value"))
        );
        let response = call(&app, Method::GET, path, &waiting, "").await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(call(&app, Method::GET, path, &customer, "").await.status(), StatusCode::OK, "{path}");
    }
    for path in [
        "/admin",
        "/admin/audit",
        "/admin/audit.csv",
        "/admin/settings/setup/services-manager",
        "/admin/profile/security",
        "/admin/none",
    ] {
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

/// The status and the text of an answer.
async fn told(response: Response) -> (StatusCode, String) {
    (response.status(), text_of(response).await)
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing_and_its_link_is_used_by_the_form_alone() {
    let house = sqlite().await;
    house.offer_mail().await;
    house.customer("carla@example.org").await;
    let app = app(&house).await;
    for path in ["/login/forgot", "/admin/login/forgot"] {
        let (status, page) = told(call(&app, Method::GET, path, "", "").await).await;
        assert!(status == StatusCode::OK && page.contains("Send link"), "{path}");
    }
    let ask = async |email: &str| {
        let body = format!("audience=customer&email={email}%40example.org");
        // Whatever the browser claims, the link in the mail is ours.
        let claims = [("host", "evil.example"), ("x-forwarded-host", "evil.example")];
        let response = call_with(&app, Method::POST, "/api/password/ask_reset", "", &body, &claims).await;
        let headers: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
        (headers, told(response).await)
    };
    assert_eq!(ask("carla").await, ask("nobody").await);
    crate::outbox::service::run_once(&house.core).await.expect("sent");
    let text = house.mail.kept().pop().expect("a message").text;
    let path = text.lines().find_map(|line| line.strip_prefix("https://id.example.org")).expect("a link").to_owned();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let (status, page) = told(call(&app, method.clone(), &path, "", "").await).await;
        assert!(status == StatusCode::OK && (method == Method::HEAD || page.contains("Set password")), "{page}");
    }
    let body = format!("token={}&password=seven+lakes+walk+home", path.rsplit('/').next().expect("a token"));
    let response = call(&app, Method::POST, "/api/password/set", "", &body).await;
    let cleared: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(cleared.len(), 2, "{cleared:?}");
    assert!(response.status().is_success(), "{}", response.status());
    let (_, page) = told(call(&app, Method::GET, &path, "", "").await).await;
    assert!(page.contains("Ask for a new link") && !page.contains("Set password"));
}

#[tokio::test]
async fn registration_is_not_there_while_it_is_off() {
    let house = sqlite().await;
    let app = app(&house).await;
    let form = "name=Nora&email=nora%40example.org";
    for path in ["/register", "/register/token"] {
        let (status, page) = told(call(&app, Method::GET, path, "", "").await).await;
        assert!(status == StatusCode::NOT_FOUND && !page.contains("<form"), "{path}: {status}");
    }
    assert_eq!(call(&app, Method::POST, "/api/registration/register", "", form).await.status(), StatusCode::NOT_FOUND);
    let (_, page) = told(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(page.contains("Forgot password?") && !page.contains("/register"));
    let on = crate::entity::configuration::Model {
        key: "self_registration".to_owned(),
        value: "1".to_owned(),
        changed_by: "test".to_owned(),
        changed_at: house.now(),
    };
    crate::rules::store::put(&house.core.db, on).await.expect("stored");
    assert_eq!(call(&app, Method::GET, "/register", "", "").await.status(), StatusCode::OK);
    assert!(call(&app, Method::POST, "/api/registration/register", "", form).await.status().is_success());
    let (_, page) = told(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(page.contains("href=\"/register\""));
    let (_, page) = told(call(&app, Method::GET, "/admin/login", "", "").await).await;
    assert!(page.contains("Forgot password?") && !page.contains("/register"), "administrators are invited");
}

#[tokio::test]
async fn changes_of_factor_password_and_address_need_a_step_up_and_revoking_does_not() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, customer, _] = cookies(&house).await;
    house.clock.pass(600);
    for path in [
        "/api/enrollment/send_code",
        "/api/enrollment/verify",
        "/api/enrollment/register_passkey",
        "/api/enrollment/delete",
        "/api/account/change_password",
        "/api/account/ask_for_email",
        "/api/recovery/make",
    ] {
        assert_eq!(call(&app, Method::POST, path, &customer, BODY).await.status(), StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/api/devices/revoke_all", "/api/sessions/end_others", "/api/account/change_name"] {
        assert!(call(&app, Method::POST, path, &customer, BODY).await.status().is_success(), "{path}");
    }
    // The page says so and shows the way, instead of forms that would be refused.
    let page = text(call(&app, Method::GET, "/account/two-factor", &customer, "").await).await;
    assert!(page.contains("/account/confirm?to=%2Faccount%2Ftwo%2Dfactor") && !page.contains("Send Code"));
    // A plain form comes back with what was typed and the same link.
    let plain = Request::post("/api/account/ask_for_email")
        .header(header::HOST, "127.0.0.1")
        .header(header::COOKIE, &customer)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "http://127.0.0.1/account/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("audience=customer&new_email=new%40example.org"))
        .expect("a request");
    let location = app.clone().oneshot(plain).await.expect("an answer").headers()[header::LOCATION].clone();
    assert!(location.to_str().expect("text").contains("/account/email?"), "{location:?}");
}

#[tokio::test]
async fn a_confirmation_leads_back_into_the_site_with_a_new_cookie() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, customer, _] = cookies(&house).await;
    let body = format!("audience=customer&password={PASSWORD}&to=https%3A%2F%2Fevil.example%2Faccount");
    let response = call(&app, Method::POST, "/api/step_up/confirm", &customer, &body).await;
    assert_eq!(response.headers()[header::LOCATION], "/account");
    let cookie = response.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    let new = cookie.split(';').next().expect("a cookie").to_owned();
    assert_ne!(new, customer);
    let body = format!("audience=customer&password={PASSWORD}&to=%2Faccount%2Fsecurity");
    assert_eq!(
        call(&app, Method::POST, "/api/step_up/confirm", &customer, &body).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let response = call(&app, Method::POST, "/api/step_up/confirm", &new, &body).await;
    assert_eq!(response.headers()[header::LOCATION], "/account/security");
}

#[tokio::test]
async fn an_administrator_who_has_to_enroll_reaches_no_other_page() {
    let house = sqlite().await;
    let app = app(&house).await;
    house.offer_mail().await;
    let [admin, unready] = required_of_admins(&house).await;
    let (home, verify) = (Audience::Admin.two_factor_path(), Audience::Admin.verify_path());
    let routes = generate_route_list(app::App);
    let pages = routes.iter().map(|route| route.path().replace("{id}", "01900000-0000-7000-8000-000000000000"));
    let mut refused = 0;
    for path in pages.filter(|path| path.starts_with("/admin") && !path.starts_with(Audience::Admin.login_path())) {
        let response = call(&app, Method::GET, &path, &unready, "").await;
        if path.starts_with("/admin/profile/confirm/") {
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}: no code is waited for");
        } else if path == home || path == verify || path == "/admin/profile/confirm" {
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        } else {
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
            assert_eq!(response.headers()[header::LOCATION], home, "{path}");
            refused += 1;
        }
    }
    assert!(refused > 10, "the sweep found {refused} pages only");
    let page = text_of(call(&app, Method::GET, home, &unready, "").await).await;
    assert!(page.contains("until it is proved"), "the page says why");
    assert!(page.contains("Log out") && !page.contains("/admin/settings"), "it leads nowhere else");
    let page = text_of(call(&app, Method::GET, home, &admin, "").await).await;
    assert!(!page.contains("until it is proved") && page.contains("/admin/settings"));
    let body = format!("audience=admin&email=una%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert_eq!(response.headers()[header::LOCATION], home);
    let response = call(&app, Method::POST, "/api/login/log_out", &unready, "audience=admin").await;
    assert!(response.status().is_success(), "signing out works");
    assert_eq!(call(&app, Method::GET, home, &unready, "").await.headers()[header::LOCATION], "/admin/login");
}

#[tokio::test]
async fn settings_are_found_and_saved_without_javascript() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [.., admin] = cookies(&house).await;
    const PAGE: &str = "/admin/settings/setup/configuration";
    let titles = async |query: &str| {
        let page = text_of(call(&app, Method::GET, &format!("{PAGE}{query}"), &admin, "").await).await;
        // Marks for hydration stand between texts.
        let page = page.replace("<!>", "");
        Setting::ALL
            .iter()
            .filter(|s| page.contains(&format!(">{}</h2>", labels::title(**s))))
            .copied()
            .collect::<Vec<_>>()
    };
    assert_eq!(titles("").await, Setting::ALL);
    assert_eq!(titles("?q=2fa").await, [Setting::RequireAdminTwoFactor, Setting::TrustedDeviceDays]);
    assert_eq!(titles("?q=Idle").await, [Setting::IdleMinutes]);
    assert!(titles("?q=zebra").await.is_empty());
    let post = async |body: &str| {
        let request = Request::post("/api/configuration/save")
            .header(header::HOST, "127.0.0.1")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, &admin)
            .header(header::REFERER, format!("http://127.0.0.1{PAGE}?q=2fa"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let response = app.clone().oneshot(request).await.expect("an answer");
        let location = response.headers()[header::LOCATION].to_str().expect("text").to_owned();
        location.trim_start_matches("http://127.0.0.1").to_owned()
    };
    let done = post("key=trusted_device_days&value=7&q=%C3%A9%26").await;
    assert_eq!(done, format!("{PAGE}?q=%C3%A9%26&saved=trusted_device_days#trusted_device_days"));
    let done = post("key=trusted_device_days&value=7&q=2fa").await;
    let page = text_of(call(&app, Method::GET, done.split('#').next().expect("a page"), &admin, "").await).await;
    assert!(page.contains("Saved. Trusted Device Expiration (2FA)"));
    let failed = post("key=trusted_device_days&value=400&q=2fa").await;
    let page = text_of(call(&app, Method::GET, &failed, &admin, "").await).await;
    assert!(
        page.contains("Enter a whole number from 0 to 365.") && page.contains("value=\"400\""),
        "what was typed is kept"
    );
    assert_eq!(page.matches("field-problem").count(), 1, "told beside its own field");
    // The switch asks for the same page in its other state, and stores nothing.
    let page = text_of(
        call(&app, Method::GET, &format!("{PAGE}?q=2fa&key=self_registration&value=0&draft=1"), &admin, "").await,
    )
    .await;
    assert!(!page.contains("Not saved yet."), "it is another setting's draft");
    let page =
        text_of(call(&app, Method::GET, &format!("{PAGE}?key=self_registration&value=0&draft=1"), &admin, "").await)
            .await;
    assert!(page.contains("Not saved yet."));
    let rules = crate::rules::rules(&house.core).await.expect("answers");
    assert!(!rules.is_on(Setting::SelfRegistration));
    post("key=self_registration&value=1").await;
    let rules = crate::rules::rules(&house.core).await.expect("answers");
    assert!(rules.is_on(Setting::SelfRegistration));
}

#[tokio::test]
async fn stopping_a_provider_asks_first_where_people_receive_their_codes_through_it() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [.., admin] = cookies(&house).await;
    let id = house.services().list().await.expect("lists")[0].id;
    let asked = format!("/admin/settings/setup/services-manager/services/{id}/deactivate");
    let body = format!("id={id}&active=false");
    let response = call(&app, Method::POST, "/api/services/set_active", &admin, &body).await;
    assert_eq!(response.headers()[header::LOCATION], asked.as_str());
    assert!(house.services().list().await.expect("lists")[0].active);
    let page = text_of(call(&app, Method::GET, &asked, &admin, "").await).await;
    assert!(page.contains("through SMTP: 1."), "the page says how many it concerns");
    call(&app, Method::POST, "/api/services/set_active", &admin, &format!("{body}&confirmed=on")).await;
    assert!(!house.services().list().await.expect("lists")[0].active);
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
    let sealed = offers::store::provider(&house.core.db, service).await.expect("answers").and_then(|row| row.secret);
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
    create(&house.core, Actor::Server, &new).await.expect("any line is a name");
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
async fn recovery_codes_are_on_one_page_once_and_nowhere_else() {
    let house = sqlite().await;
    let app = app(&house).await;
    house.enrolled_customer("carla@example.org").await;
    let session = cookie("customer", &house.full_sign_in("carla@example.org").await);
    let path = Audience::Customer.recovery_codes_path();
    let answer = call(&app, Method::POST, "/api/recovery/make", &session, "audience=customer").await;
    assert_eq!(answer.headers()[header::LOCATION], path);
    let once = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["__Host-countersign_customer_once=", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=300"] {
        assert!(once.contains(part), "{part} is missing: {once}");
    }
    let both = format!("{session}; {}", once.split(';').next().expect("a cookie"));
    let first = call(&app, Method::GET, path, &both, "").await;
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-store");
    let forgotten = first.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    assert!(forgotten.starts_with("__Host-countersign_customer_once=;") && forgotten.contains("Max-Age=0"));
    let page = text_of(first).await;
    assert_eq!(page.matches("<li><code>").count(), 10, "{page}");
    assert!(page.contains("href=\"data:text/plain") && page.contains("download=\"recovery-codes.txt\""));
    let code = page.split("<li><code>").nth(1).and_then(|rest| rest.get(..19)).expect("a code").to_owned();
    assert!(!once.contains(&code.replace('-', "")));
    // Whoever kept the cookie sees nothing either.
    for cookie in [&session, &both] {
        let page = text_of(call(&app, Method::GET, path, cookie, "").await).await;
        assert!(!page.contains(&code) && page.contains("Codes left: 10 of 10."));
    }
    let waiting = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let waiting = cookie("customer", &waiting);
    let page = text_of(call(&app, Method::GET, Audience::Customer.recovery_path(), &waiting, "").await).await;
    assert!(page.contains("Recovery code"));
    let body = format!("audience=customer&recovery_code={}", code.to_lowercase());
    let done = call(&app, Method::POST, "/api/recovery/sign_in", &waiting, &body).await;
    assert_eq!(done.headers()[header::LOCATION], "/account");
    assert_eq!(call(&app, Method::GET, "/account", &waiting, "").await.headers()[header::LOCATION], "/login");
    // A wrong code does not come back in the address of a plain form.
    let waiting = house.log_in("carla@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let headers = [("accept", "text/html")];
    let waiting = cookie("customer", &waiting);
    let plain = call_with(&app, Method::POST, "/api/recovery/sign_in", &waiting, &body, &headers).await;
    assert!(plain.status().is_redirection());
    assert!(!format!("{:?}", plain.headers()).to_uppercase().contains(&code));
}

#[tokio::test]
async fn a_helpdesk_code_is_shown_once_to_an_administrator_who_has_just_confirmed() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [_, _, _, admin] = cookies(&house).await;
    let waiting = house.log_in("waiting@example.org", PASSWORD, None).await.expect("signs in").session.secret;
    let account = house.session(&waiting).await.expect("a session").account_id;
    let path = format!("/admin/customers/{account}/helpdesk-code");
    let page = text_of(call(&app, Method::GET, &path, &admin, "").await).await;
    assert!(page.contains("Issue Helpdesk Code") && page.contains("waiting@example.org"));
    let body = format!("audience=customer&id={account}");
    let answer = call(&app, Method::POST, "/api/recovery/issue", &admin, &body).await;
    assert_eq!(answer.headers()[header::LOCATION], path.as_str());
    let once = answer.headers()[header::SET_COOKIE].to_str().expect("text").to_owned();
    let both = format!("{admin}; {}", once.split(';').next().expect("a cookie"));
    let page = text_of(call(&app, Method::GET, &path, &both, "").await).await;
    let code = page.split("one-code\">").nth(1).and_then(|rest| rest.get(..19)).expect("a code").to_owned();
    let page = text_of(call(&app, Method::GET, &path, &both, "").await).await;
    assert!(!page.contains(&code) && page.contains("Issue Helpdesk Code"));
    let used = format!("audience=customer&recovery_code={code}");
    let done = call(&app, Method::POST, "/api/recovery/sign_in", &cookie("customer", &waiting), &used).await;
    assert_eq!(done.headers()[header::LOCATION], "/account");
    house.clock.pass(600);
    let late = call(&app, Method::POST, "/api/recovery/issue", &admin, &body).await;
    assert_eq!(late.status(), StatusCode::FORBIDDEN);
    assert!(late.headers()[header::LOCATION].to_str().expect("text").starts_with("/admin/profile/confirm?to="));
}

#[tokio::test]
async fn forbidding_a_channel_asks_first_where_people_use_it() {
    let house = sqlite().await;
    let app = app(&house).await;
    let [.., admin] = cookies(&house).await;
    let asked = "/admin/settings/setup/services-manager/forbid/customer/smtp";
    let body = "audience=customer&kind=smtp&forbidden=true";
    let response = call(&app, Method::POST, "/api/policy/set_forbidden", &admin, body).await;
    assert_eq!(response.headers()[header::LOCATION], asked);
    assert!(house.policy().overview().await.expect("shows").policies[1].forbidden.is_empty());
    let page = text_of(call(&app, Method::GET, asked, &admin, "").await).await;
    assert!(page.contains("Accounts that use it: 1. Of these, without another entry that works: 1."), "{page}");
    call(&app, Method::POST, "/api/policy/set_forbidden", &admin, &format!("{body}&confirmed=on")).await;
    assert_eq!(house.policy().overview().await.expect("shows").policies[1].forbidden, [Channel::Smtp]);
    let page = text_of(call(&app, Method::GET, "/admin/settings/setup/services-manager", &admin, "").await).await;
    assert!(page.contains("Forbidden") && page.contains("Weaker") && page.contains("Strongest"));
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

#[tokio::test]
async fn a_request_that_does_not_end_is_answered_after_twenty_seconds() {
    let house = sqlite().await;
    let app = app(&house).await;
    let endless = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let request = Request::post("/api/login/log_in")
        .header(header::HOST, "127.0.0.1")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(endless)
        .expect("a request");
    let begun = Instant::now();
    let response = app.oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!((19..30).contains(&begun.elapsed().as_secs()), "after {:?}", begun.elapsed());
}
