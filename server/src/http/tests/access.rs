//! Who gets in where: server functions, pages and downloads.

use super::{BODY, app, call, call_with, cookie, cookies, required_of_admins, text_of};
use crate::{
    entity::audit_event,
    http::{
        access::{self, For},
        router::PAGES,
    },
    rules::policies::is_allowed,
    testing::{Fixture, PASSWORD, sqlite},
};
use app::{
    audit::types::Action,
    error::AppError,
    login::types::Audience,
    step_up::{port::StepUpPort, routes::confirm_link},
};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, StatusCode, header},
    response::Response,
};
use leptos::server_fn::axum::server_fn_paths;
use sea_orm::{EntityTrait, QueryOrder};
use std::collections::BTreeSet;
use tower::ServiceExt;

/// What an endpoint for administrators may be called that needs no step-up because it only reads.
const READS: &[&str] = &[
    "activity",
    "check_disallow",
    "check_forbid",
    "day",
    "deleted",
    "details",
    "get",
    "list",
    "new",
    "new_sms",
    "overview",
    "pending",
    "person",
];

/// Other endpoints for administrators that need no step-up, and why.
const NEEDS_NO_STEP_UP: &[(&str, &str)] = &[
    ("/api/approvals/withdraw", "a change that is not made weakens nothing"),
    ("/api/brand/edit", "it asks where the action needs it, which its own test holds"),
    ("/api/message_templates/edit", "it asks where the action needs it, which its own test holds"),
    ("/api/invitation/take_back", "a link that does not work any more lets nobody in"),
    ("/api/services/preset", "it fills in a form, and saving that is another call"),
    ("/api/users/help", "it asks where the action needs it, which its own test holds"),
    ("/api/users/rename", "one's own name protects nothing"),
];

/// Every server function, whom it is for, and what those get who may call it with [`BODY`]. A new one that is missing
/// here fails the test.
const FUNCTIONS: &[(&str, For, &[u16])] = &[
    ("/api/account/advice", For::SignedIn, &[200]),
    ("/api/account/ask_for_email", For::SignedIn, &[422]),
    ("/api/account/change_name", For::SignedIn, &[200]),
    ("/api/account/change_password", For::SignedIn, &[422]),
    ("/api/account/check_set_up_link", For::Everybody, &[410]),
    ("/api/account/confirm_email", For::Everybody, &[410]),
    ("/api/account/dismiss_suggestion", For::SignedIn, &[200]),
    ("/api/account/email_link", For::Everybody, &[410]),
    ("/api/account/me", For::Enrolling, &[200]),
    ("/api/account/security", For::SignedIn, &[200]),
    ("/api/account/set_up", For::Everybody, &[410]),
    ("/api/approvals/approve", For::AdminsSteppedUp, &[404]),
    ("/api/approvals/decline", For::AdminsSteppedUp, &[404]),
    ("/api/approvals/list", For::Admins, &[200]),
    ("/api/approvals/withdraw", For::Admins, &[404]),
    ("/api/audit/list", For::Admins, &[200]),
    ("/api/brand/edit", For::Admins, &[200]),
    ("/api/brand/get", For::Admins, &[200]),
    ("/api/brand/remove_picture", For::AdminsSteppedUp, &[200]),
    ("/api/challenge/choose#enroll", For::Enrolling, &[404]),
    ("/api/challenge/choose#sign_in", For::Waiting, &[404]),
    ("/api/challenge/choose#step_up", For::Confirming, &[404]),
    ("/api/challenge/methods#enroll", For::Enrolling, &[200]),
    ("/api/challenge/methods#sign_in", For::Waiting, &[200]),
    ("/api/challenge/methods#step_up", For::Confirming, &[200]),
    ("/api/challenge/screen#enroll", For::Enrolling, &[200]),
    ("/api/challenge/screen#sign_in", For::Waiting, &[200]),
    ("/api/challenge/screen#step_up", For::Confirming, &[200]),
    ("/api/challenge/send_new_code#enroll", For::Enrolling, &[422, 429]),
    ("/api/challenge/send_new_code#sign_in", For::Waiting, &[429]),
    ("/api/challenge/send_new_code#step_up", For::Confirming, &[429]),
    ("/api/configuration/list", For::Admins, &[200]),
    ("/api/configuration/save", For::AdminsSteppedUp, &[404]),
    ("/api/configuration/save_all", For::AdminsSteppedUp, &[404]),
    ("/api/dashboard/guide", For::Enrolling, &[200]),
    ("/api/dashboard/overview", For::Admins, &[200]),
    ("/api/delivery/list", For::Admins, &[200]),
    ("/api/devices/list", For::SignedIn, &[200]),
    ("/api/devices/revoke", For::SignedIn, &[404]),
    ("/api/devices/revoke_all", For::SignedIn, &[200]),
    ("/api/enrollment/delete", For::Enrolling, &[404]),
    ("/api/enrollment/overview", For::Enrolling, &[200]),
    ("/api/enrollment/prefer", For::Enrolling, &[404]),
    ("/api/enrollment/proving", For::Enrolling, &[200]),
    ("/api/enrollment/register_passkey", For::Enrolling, &[422]),
    ("/api/enrollment/send_code", For::Enrolling, &[422]),
    ("/api/enrollment/verify", For::Enrolling, &[422]),
    ("/api/invitation/accept", For::Everybody, &[410]),
    ("/api/invitation/check", For::Everybody, &[410]),
    ("/api/invitation/invite", For::AdminsSteppedUp, &[200]),
    ("/api/invitation/pending", For::Admins, &[200]),
    ("/api/invitation/ready", For::AdminsSteppedUp, &[200]),
    ("/api/invitation/send_again", For::AdminsSteppedUp, &[200]),
    ("/api/invitation/take_back", For::Admins, &[200]),
    ("/api/language/choose", For::Everybody, &[422]),
    ("/api/login/log_in", For::Everybody, &[401]),
    ("/api/login/log_in_with_code", For::Everybody, &[401]),
    ("/api/login/log_in_with_passkey", For::Everybody, &[401]),
    ("/api/login/log_out", For::Everybody, &[200]),
    ("/api/login/passkey_question", For::Everybody, &[200]),
    ("/api/login/verify", For::Waiting, &[422]),
    ("/api/message_templates/edit", For::Admins, &[404]),
    ("/api/message_templates/get", For::Admins, &[404]),
    ("/api/message_templates/list", For::Admins, &[404]),
    ("/api/message_templates/reset", For::AdminsSteppedUp, &[404]),
    ("/api/not_me/link", For::Everybody, &[410]),
    ("/api/not_me/stop", For::Everybody, &[410]),
    ("/api/password/ask_reset", For::Everybody, &[200]),
    ("/api/password/reset_link", For::Everybody, &[410]),
    ("/api/password/set", For::Everybody, &[410]),
    ("/api/policy/check_disallow", For::Admins, &[200]),
    ("/api/policy/check_forbid", For::Admins, &[200]),
    ("/api/policy/overview", For::Admins, &[200]),
    ("/api/policy/set_allowed", For::AdminsSteppedUp, &[200]),
    ("/api/policy/set_forbidden", For::AdminsSteppedUp, &[200]),
    ("/api/recovery/helpdesk", For::AdminsSteppedUp, &[404]),
    ("/api/recovery/issue", For::AdminsSteppedUp, &[404]),
    ("/api/recovery/make", For::SignedIn, &[200, 409]),
    ("/api/recovery/overview", For::SignedIn, &[200]),
    ("/api/recovery/sign_in", For::Waiting, &[422]),
    ("/api/recovery/step_up", For::Confirming, &[422]),
    ("/api/registration/finish", For::Everybody, &[404]),
    ("/api/registration/is_open", For::Everybody, &[200]),
    ("/api/registration/link", For::Everybody, &[404]),
    ("/api/registration/register", For::Everybody, &[404]),
    ("/api/secondary_auth/delete", For::AdminsSteppedUp, &[404]),
    ("/api/secondary_auth/deleted", For::Admins, &[200]),
    ("/api/secondary_auth/get", For::Admins, &[200]),
    ("/api/secondary_auth/list", For::Admins, &[200]),
    ("/api/secondary_auth/restore", For::AdminsSteppedUp, &[404]),
    ("/api/secondary_auth/save", For::AdminsSteppedUp, &[422]),
    ("/api/services/day", For::Admins, &[404]),
    ("/api/services/delete", For::AdminsSteppedUp, &[404]),
    ("/api/services/get", For::Admins, &[404]),
    ("/api/services/list", For::Admins, &[200]),
    ("/api/services/new", For::Admins, &[200]),
    ("/api/services/new_sms", For::Admins, &[200]),
    ("/api/services/preset", For::Admins, &[404]),
    ("/api/services/save", For::AdminsSteppedUp, &[422]),
    ("/api/services/save_plain", For::AdminsSteppedUp, &[404]),
    ("/api/services/save_sms", For::AdminsSteppedUp, &[422]),
    ("/api/services/set_active", For::AdminsSteppedUp, &[404]),
    ("/api/sessions/end", For::SignedIn, &[404]),
    ("/api/sessions/end_others", For::SignedIn, &[200]),
    ("/api/sessions/list", For::SignedIn, &[200]),
    ("/api/step_up/confirm", For::Enrolling, &[422]),
    ("/api/step_up/verify", For::Confirming, &[422]),
    ("/api/users/activity", For::Admins, &[404]),
    ("/api/users/change", For::AdminsSteppedUp, &[404]),
    ("/api/users/details", For::Admins, &[404]),
    ("/api/users/help", For::Admins, &[404]),
    ("/api/users/list", For::Admins, &[200]),
    ("/api/users/person", For::Admins, &[404]),
    ("/api/users/rename", For::Admins, &[200]),
];

/// The address of a row, and what its body has more: the functions of challenges are there for each purpose.
fn purpose_of(path: &'static str) -> (&'static str, String) {
    match path.split_once('#') {
        Some((path, purpose)) => (path, format!("&purpose={purpose}")),
        None => (path, String::new()),
    }
}

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
            For::Proving => false,
            For::Admins | For::AdminsSteppedUp => self == Self::Admin,
        }
    }

    /// What they get where they may not call it: 401 where another sign-in, or its code, would help (RFC 9110
    /// §15.5.2), 403 where it would not.
    fn refusal(self, wanted: For) -> u16 {
        if wanted == For::Waiting || matches!(self, Self::Nobody | Self::Waiting) { 401 } else { 403 }
    }
}

/// The cookie of a customer whose step-up waits for its code, in an installation where mail is offered.
async fn confirming(fixture: &Fixture) -> String {
    fixture.customer("connie@example.org").await;
    let session = fixture.password_session("connie@example.org").await;
    fixture.enroll(&session).await;
    let confirmed = fixture.step_up().confirm(&session, PASSWORD).await.expect("the password is right");
    assert!(confirmed.code_needed);
    cookie("customer", &confirmed.session.secret)
}

#[tokio::test]
async fn every_server_function_refuses_whom_it_is_not_for() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let named: BTreeSet<_> = FUNCTIONS.iter().map(|(path, ..)| purpose_of(path).0).collect();
    let registered: BTreeSet<_> = server_fn_paths().map(|(path, _)| path).collect();
    assert_eq!(named, registered, "the table and the functions differ");
    let rows: BTreeSet<_> = FUNCTIONS.iter().map(|(path, ..)| *path).collect();
    assert_eq!(rows.len(), FUNCTIONS.len(), "the table names one twice");
    let known: BTreeSet<_> = access::FUNCTIONS.iter().map(|(path, _)| *path).collect();
    assert_eq!(known, registered, "the table in http/access.rs and the functions differ");
    for (path, wanted) in access::FUNCTIONS.iter().filter(|(_, wanted)| *wanted != For::Proving) {
        let row = FUNCTIONS.iter().find(|(named, ..)| named == path).map(|(_, wanted, _)| wanted);
        assert_eq!(row, Some(wanted), "{path} differs between the tables");
    }
    let [nobody, waiting, customer, _] = cookies(&fixture).await;
    let confirming = confirming(&fixture).await;
    let [admin, unready] = required_of_admins(&fixture).await;
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
    for (path, wanted, right) in FUNCTIONS.iter().filter(|f| !last(f.0)).chain(FUNCTIONS.iter().filter(|f| last(f.0))) {
        let (address, purpose) = purpose_of(path);
        let get = call(&app, Method::GET, address, &admin, "").await.status();
        assert!(get.is_client_error() || get.is_redirection(), "{path} answered GET with {get}");
        for (who, cookie, body) in people {
            let status = call(&app, Method::POST, address, cookie, &format!("{body}{purpose}")).await.status().as_u16();
            let refusal = [who.refusal(*wanted)];
            let right = if who.may_call(*wanted) { *right } else { &refusal };
            if !right.contains(&status) {
                wrong.push(format!("{path} answered {who:?} with {status} instead of {right:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The error that an answer holds.
async fn error_of(response: Response) -> AppError {
    let text = text_of(response).await;
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no error: {text}"))
}

#[tokio::test]
async fn what_weakens_protection_or_moves_messages_needs_a_step_up() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    fixture.clock.pass(600);
    let mut wrong = Vec::new();
    for (path, wanted, _) in FUNCTIONS {
        let name = path.rsplit('/').next().unwrap_or_default();
        let response = call(&app, Method::POST, path, &admin, BODY).await;
        let status = response.status().as_u16();
        match wanted {
            For::Admins if !READS.contains(&name) && NEEDS_NO_STEP_UP.iter().all(|(known, _)| known != path) => {
                wrong.push(format!("{path} needs a step-up, or has to be named among what does not"));
            }
            For::Admins if status == 403 => wrong.push(format!("{path} answered {status}")),
            For::AdminsSteppedUp => {
                let error = error_of(response).await;
                if status != 403 || !matches!(error, AppError::StepUpNeeded { .. }) {
                    wrong.push(format!("{path} answered {status}: {error:?}"));
                }
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let id = fixture.customer("helped@example.org").await;
    for (help, status) in [
        ("reset-2fa", 403),
        ("restore-entry", 403),
        ("unlock", 403),
        ("disable", 403),
        ("enable", 403),
        ("end-sessions", 200),
        ("revoke-devices", 200),
    ] {
        let body = format!("audience=customer&id={id}&help={help}&item=");
        let response = call(&app, Method::POST, "/api/users/help", &admin, &body).await;
        assert_eq!(response.status().as_u16(), status, "{help}");
    }
}

#[tokio::test]
async fn the_audit_log_is_downloaded_after_a_step_up_only() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    fixture.clock.pass(600);
    let address = "/admin/audit.csv?account=ada";
    let response = call(&app, Method::GET, address, &admin, "").await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert!(matches!(error_of(response).await, AppError::StepUpNeeded { .. }));
    let html = [("accept", "text/html,*/*")];
    let response = call_with(&app, Method::GET, address, &admin, "", &html).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], confirm_link(Audience::Admin, "/admin/audit?account=ada"));
    assert!(fixture.events(Action::AuditExported).await.is_empty());
}

#[tokio::test]
async fn a_form_leads_to_the_step_up_and_back_to_its_page() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    fixture.clock.pass(600);
    let page = "https://id.example.org/admin/settings/setup/services-manager";
    let back = "/admin/settings/setup/services-manager?asked=policy/set_allowed";
    let body = "audience=customer&allowed=false&confirmed=on";
    let to = confirm_link(Audience::Admin, back);
    let plain = [("accept", "text/html,*/*"), ("referer", page)];
    let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &plain).await;
    assert_eq!((response.status(), &response.headers()[header::LOCATION]), (StatusCode::FOUND, &value(&to)));
    // With JavaScript the page follows the same address by itself.
    let script = [("accept", "application/json"), ("referer", page)];
    let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &script).await;
    assert_eq!((response.status(), &response.headers()[header::LOCATION]), (StatusCode::FORBIDDEN, &value(&to)));
    assert!(response.headers().contains_key("serverfnredirect"));
    assert!(matches!(error_of(response).await, AppError::StepUpNeeded { .. }));
    let foreign = [("accept", "text/html,*/*"), ("referer", "https://evil.example/admin")];
    let response = call_with(&app, Method::POST, "/api/policy/set_allowed", &admin, body, &foreign).await;
    assert!(response.headers().get(header::LOCATION).is_none_or(|to| !to.as_bytes().starts_with(b"http")));
    assert!(is_allowed(&fixture.core.db, Audience::Customer).await.expect("the database answers"));
}

fn value(text: &str) -> HeaderValue {
    text.parse().expect("a value")
}

#[tokio::test]
async fn no_server_function_changes_or_removes_an_audit_event() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., customer, admin] = cookies(&fixture).await;
    let events = async || {
        let rows = audit_event::Entity::find().order_by_asc(audit_event::Column::Id).all(&fixture.core.db).await;
        rows.expect("the database answers")
    };
    let before = events().await;
    assert!(before.len() > 5);
    let id = before[0].id.to_string();
    for (path, ..) in FUNCTIONS.iter().copied() {
        for body in [BODY.to_owned(), BODY.replace("id=&", &format!("id={id}&")), BODY.replace("=x", &format!("={id}"))]
        {
            for cookie in [&customer, &admin] {
                if path != "/api/login/log_out" {
                    let (address, purpose) = purpose_of(path);
                    call(&app, Method::POST, address, cookie, &format!("{body}{purpose}")).await;
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
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [nobody, waiting, customer, admin] = cookies(&fixture).await;
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
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [nobody, waiting, customer, admin] = cookies(&fixture).await;
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
        // The page itself would answer 401 too; this is turned away before one is made.
        assert_eq!(response.headers()["refresh"], "0; url=/login/code", "{path}");
        assert_eq!(call(&app, Method::GET, path, &customer, "").await.status(), StatusCode::OK, "{path}");
    }
    for path in [
        "/admin",
        "/admin/audit",
        "/admin/audit.csv",
        "/admin/settings",
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
    let settings = call(&app, Method::GET, "/admin/settings", &admin, "").await;
    assert_eq!(settings.headers()["location"], "/admin/settings/setup", "they are one page");
    assert_eq!(call(&app, Method::GET, "/admin/none", &admin, "").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&app, Method::GET, "/login/code", &waiting, "").await.status(), StatusCode::OK);
    assert_eq!(call(&app, Method::GET, "/demo/mailbox", &admin, "").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn changes_of_factor_password_and_address_need_a_step_up_and_revoking_does_not() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, customer, _] = cookies(&fixture).await;
    fixture.clock.pass(600);
    for path in [
        "/api/enrollment/send_code",
        "/api/enrollment/verify",
        "/api/enrollment/register_passkey",
        "/api/enrollment/prefer",
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
    // A plain form leads to the same page.
    let plain = Request::post("/api/account/ask_for_email")
        .header(header::HOST, "id.example.org")
        .header(header::COOKIE, &customer)
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "https://id.example.org/account/email")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("audience=customer&new_email=new%40example.org"))
        .expect("a request");
    let location = app.clone().oneshot(plain).await.expect("an answer").headers()[header::LOCATION].clone();
    let to = confirm_link(Audience::Customer, "/account/email?asked=account/ask_for_email");
    assert_eq!(location, value(&to));
}

#[tokio::test]
async fn an_administrator_who_has_to_enroll_reaches_no_other_page() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    fixture.offer_mail().await;
    let [admin, unready] = required_of_admins(&fixture).await;
    let (home, verify) = (Audience::Admin.two_factor_path(), Audience::Admin.verify_path());
    let pages = PAGES.iter().map(|route| route.path().replace("{id}", "01900000-0000-7000-8000-000000000000"));
    let mut refused = 0;
    for path in pages.filter(|path| path.starts_with("/admin") && !path.starts_with(Audience::Admin.login_path())) {
        let response = call(&app, Method::GET, &path, &unready, "").await;
        if path.starts_with("/admin/profile/confirm/") {
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path}: no code is waited for");
        } else if path == home
            || path == verify
            || path == "/admin/profile/confirm"
            || path.starts_with("/admin/profile/security/delete/")
        {
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        } else {
            assert_eq!(response.status(), StatusCode::SEE_OTHER, "{path}");
            assert_eq!(response.headers()[header::LOCATION], home, "{path}");
            refused += 1;
        }
    }
    assert!(refused > 10, "the sweep found {refused} pages only");
    let page = text_of(call(&app, Method::GET, home, &unready, "").await).await;
    assert!(page.contains("Set up a sign-in method first"), "the page says why");
    assert!(page.contains("Log out") && !page.contains("/admin/settings"), "it leads nowhere else");
    let page = text_of(call(&app, Method::GET, home, &admin, "").await).await;
    assert!(!page.contains("Set up a sign-in method first") && page.contains("/admin/settings"));
    let body = format!("audience=admin&email=una%40example.org&password={PASSWORD}");
    let response = call(&app, Method::POST, "/api/login/log_in", "", &body).await;
    assert_eq!(response.headers()[header::LOCATION], home);
    let response = call(&app, Method::POST, "/api/login/log_out", &unready, "audience=admin").await;
    assert!(response.status().is_success(), "signing out works");
    assert_eq!(call(&app, Method::GET, home, &unready, "").await.headers()[header::LOCATION], "/admin/login");
}
