//! Who gets in where: server functions, pages and downloads.

use super::{BODY, app, call, cookie, cookies, required_of_admins, text_of};
use crate::{
    entity::audit_event,
    http::access::{FUNCTIONS, For},
    testing::{House, PASSWORD, sqlite},
};
use app::{login::types::Audience, step_up::port::StepUpPort};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::generate_route_list;
use sea_orm::{EntityTrait, QueryOrder};
use std::collections::{BTreeMap, BTreeSet};
use tower::ServiceExt;

/// What those get who may call a function with [`BODY`]. A function that is missing here fails the test.
const ANSWERS: &[(&str, &[u16])] = &[
    ("/api/account/advice", &[200]),
    ("/api/account/ask_for_email", &[422]),
    ("/api/account/change_name", &[200]),
    ("/api/account/change_password", &[422]),
    ("/api/account/check_set_up_link", &[410]),
    ("/api/account/confirm_email", &[410]),
    ("/api/account/dismiss_suggestion", &[200]),
    ("/api/account/email_link", &[410]),
    ("/api/account/me", &[200]),
    ("/api/account/security", &[200]),
    ("/api/account/set_up", &[410]),
    ("/api/audit/list", &[200]),
    ("/api/configuration/list", &[200]),
    ("/api/configuration/save", &[404]),
    ("/api/dashboard/overview", &[200]),
    ("/api/devices/list", &[200]),
    ("/api/devices/revoke", &[404]),
    ("/api/devices/revoke_all", &[200]),
    ("/api/enrollment/delete", &[404]),
    ("/api/enrollment/overview", &[200]),
    ("/api/enrollment/prefer", &[404]),
    ("/api/enrollment/proving", &[200]),
    ("/api/enrollment/register_passkey", &[422]),
    ("/api/enrollment/send_code", &[422]),
    ("/api/enrollment/send_new_code", &[422, 429]),
    ("/api/enrollment/verify", &[422]),
    ("/api/invitation/accept", &[410]),
    ("/api/invitation/check", &[410]),
    ("/api/invitation/invite", &[200]),
    ("/api/invitation/pending", &[200]),
    ("/api/invitation/ready", &[200]),
    ("/api/invitation/send_again", &[200]),
    ("/api/invitation/take_back", &[200]),
    ("/api/login/choose_method", &[404]),
    ("/api/login/code_screen", &[200]),
    ("/api/login/log_in", &[401]),
    ("/api/login/log_out", &[200]),
    ("/api/login/methods", &[200]),
    ("/api/login/send_new_code", &[429]),
    ("/api/login/verify", &[422]),
    ("/api/password/ask_reset", &[200]),
    ("/api/password/reset_link", &[410]),
    ("/api/password/set", &[410]),
    ("/api/policy/check_forbid", &[200]),
    ("/api/policy/overview", &[200]),
    ("/api/policy/set_allowed", &[200]),
    ("/api/policy/set_forbidden", &[200]),
    ("/api/recovery/helpdesk", &[404]),
    ("/api/recovery/issue", &[404]),
    ("/api/recovery/make", &[200, 409]),
    ("/api/recovery/overview", &[200]),
    ("/api/recovery/sign_in", &[422]),
    ("/api/recovery/step_up", &[422]),
    ("/api/registration/finish", &[404]),
    ("/api/registration/is_open", &[200]),
    ("/api/registration/link", &[404]),
    ("/api/registration/register", &[404]),
    ("/api/secondary_auth/delete", &[404]),
    ("/api/secondary_auth/get", &[200]),
    ("/api/secondary_auth/list", &[200]),
    ("/api/secondary_auth/save", &[422]),
    ("/api/services/delete", &[404]),
    ("/api/services/get", &[404]),
    ("/api/services/list", &[200]),
    ("/api/services/new", &[200]),
    ("/api/services/new_sms", &[200]),
    ("/api/services/save", &[422]),
    ("/api/services/save_plain", &[404]),
    ("/api/services/save_sms", &[422]),
    ("/api/services/set_active", &[404]),
    ("/api/sessions/end", &[404]),
    ("/api/sessions/end_others", &[200]),
    ("/api/sessions/list", &[200]),
    ("/api/step_up/choose_method", &[404]),
    ("/api/step_up/code_screen", &[200]),
    ("/api/step_up/confirm", &[422]),
    ("/api/step_up/methods", &[200]),
    ("/api/step_up/send_new_code", &[422]),
    ("/api/step_up/verify", &[422]),
    ("/api/users/details", &[404]),
    ("/api/users/help", &[404]),
    ("/api/users/list", &[200]),
    ("/api/users/person", &[404]),
    ("/api/users/rename", &[200]),
];

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Nobody,
    /// A customer's sign-in that waits for its code.
    Waiting,
    Customer,
    /// A customer whose step-up waits for its code.
    Confirming,
    Admin,
    /// An administrator who has to set up a second factor first.
    Unready,
}

impl Who {
    /// Whether a function is for them. The administrators are called as such only where they have to enroll: to
    /// functions of customers they are strangers.
    fn may_call(self, wanted: For) -> bool {
        match wanted {
            For::Everybody => true,
            For::Waiting => self == Self::Waiting,
            For::SignedIn => matches!(self, Self::Customer | Self::Confirming),
            For::Confirming => self == Self::Confirming,
            For::Enrolling => matches!(self, Self::Customer | Self::Confirming | Self::Unready),
            For::Admins => self == Self::Admin,
        }
    }

    /// What they get where they may not call it: 401 where another sign-in, or its code, would help (RFC 9110
    /// §15.5.2), 403 where it would not.
    fn refusal(self, wanted: For) -> u16 {
        if wanted == For::Waiting || matches!(self, Self::Nobody | Self::Waiting) { 401 } else { 403 }
    }
}

/// The cookie of a customer whose step-up waits for its code, in a house where mail is offered.
async fn confirming(house: &House) -> String {
    house.customer("connie@example.org").await;
    let session = house.password_session("connie@example.org").await;
    house.enroll(&session).await;
    let confirmed = house.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
    assert!(confirmed.code_needed);
    cookie("customer", &confirmed.session.secret)
}

#[tokio::test]
async fn every_server_function_refuses_whom_it_is_not_for() {
    let house = sqlite().await;
    let app = app(&house).await;
    let answers: BTreeMap<_, _> = ANSWERS.iter().copied().collect();
    let named: BTreeSet<_> = FUNCTIONS.iter().map(|(path, _)| *path).collect();
    let registered: BTreeSet<_> = server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(named, registered, "the table in http/access.rs and the functions differ");
    assert_eq!(answers.keys().copied().collect::<BTreeSet<_>>(), registered, "the answers and the functions differ");
    assert_eq!(named.len(), FUNCTIONS.len(), "the table names one twice");
    let [nobody, waiting, customer, _] = cookies(&house).await;
    let confirming = confirming(&house).await;
    let [admin, unready] = required_of_admins(&house).await;
    let as_admin = BODY.replace("audience=customer", "audience=admin");
    let people = [
        (Who::Nobody, &nobody, BODY),
        (Who::Waiting, &waiting, BODY),
        (Who::Customer, &customer, BODY),
        (Who::Confirming, &confirming, BODY),
        (Who::Admin, &admin, BODY),
        (Who::Unready, &unready, &as_admin),
    ];
    let mut wrong = Vec::new();
    // Signing out comes last: it ends the sessions that the other calls need.
    let last = |path: &str| path == "/api/login/log_out";
    for (path, wanted) in FUNCTIONS.iter().filter(|f| !last(f.0)).chain(FUNCTIONS.iter().filter(|f| last(f.0))) {
        let get = call(&app, Method::GET, path, &admin, "").await.status();
        assert!(get.is_client_error() || get.is_redirection(), "{path} answered GET with {get}");
        for (who, cookie, body) in people {
            let status = call(&app, Method::POST, path, cookie, body).await.status().as_u16();
            let refusal = [who.refusal(*wanted)];
            let right = if who.may_call(*wanted) { answers[path] } else { &refusal };
            if !right.contains(&status) {
                wrong.push(format!("{path} answered {who:?} with {status} instead of {right:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
    let page = text_of(call(&app, Method::GET, "/account/two-factor", &customer, "").await).await;
    assert!(page.contains("/account/confirm?to=%2Faccount%2Ftwo%2Dfactor") && !page.contains("Send Code"));
    // A plain form comes back with what was typed and the same link.
    let plain = Request::post("/api/account/ask_for_email")
        .header(header::HOST, "id.example.org")
        .header(header::COOKIE, &customer)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://id.example.org/account/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("audience=customer&new_email=new%40example.org"))
        .expect("a request");
    let location = app.clone().oneshot(plain).await.expect("an answer").headers()[header::LOCATION].clone();
    assert!(location.to_str().expect("text").contains("/account/email?"), "{location:?}");
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
