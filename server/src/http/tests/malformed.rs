//! Requests that are no requests of ours: broken forms, and other hosts' names.

use super::{BODY, app, call, call_with, cookies, text_of, with_new_cookie};
use crate::{
    http::access::{FUNCTIONS, For},
    testing::{on_every_database, sqlite},
};
use app::{
    configuration::types::Setting,
    error::{AppError, Problem},
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use tower::ServiceExt;

const FORM: &str = "application/x-www-form-urlencoded";

async fn post(app: &Router, path: &str, cookie: &str, kind: &str, body: &[u8]) -> StatusCode {
    let mut request = Request::post(path).header(header::HOST, "id.example.org").header(header::COOKIE, cookie);
    if !kind.is_empty() {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(Body::from(body.to_vec())).expect("a request");
    app.clone().oneshot(request).await.expect("an answer").status()
}

#[tokio::test]
async fn malformed_forms_are_told_what_is_wrong_and_only_to_who_may_call() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [nobody, waiting, customer, admin] = cookies(&fixture).await;
    let login = b"audience=customer&email=a%40b.example&password=x";
    for (path, cookie, refused) in [
        ("/api/login/log_in", &nobody, None),
        ("/api/services/save", &nobody, Some(401)),
        ("/api/services/save", &customer, Some(403)),
        ("/api/services/save", &admin, None),
        ("/api/account/change_name", &waiting, Some(401)),
        ("/api/account/change_name", &customer, None),
        ("/api/login/verify", &waiting, None),
    ] {
        for (kind, body, status) in [
            (FORM, &b""[..], 422),
            (FORM, b"x=1", 422),
            (FORM, b"audience=nobody&name=x&code=1", 422),
            (FORM, b"audience=customer&email=%", 400),
            (FORM, b"audience=customer&email=%zz", 400),
            (FORM, b"audience=customer&email=%ff", 400),
            (FORM, b"audience=customer&email=\xff", 400),
            ("text/plain", login, 415),
            ("application/json", b"{}", 415),
            ("multipart/form-data; boundary=x", login, 415),
            ("", login, 415),
        ] {
            let answered = post(&app, path, cookie, kind, body).await.as_u16();
            assert_eq!(answered, refused.unwrap_or(status), "{path} {kind} {}", String::from_utf8_lossy(body));
        }
    }
    assert_eq!(
        post(&app, "/api/login/log_in", "", "Application/X-WWW-Form-Urlencoded; charset=UTF-8", login).await,
        401
    );
}

#[tokio::test]
async fn a_form_that_lacks_a_field_is_told_which_one() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let (path, body) = ("/api/services/save_plain", "id=&kind=passkey");
    let response = call(&app, Method::POST, path, &admin, body).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let error: AppError = serde_json::from_str(&text_of(response).await).expect("an error");
    assert_eq!(error.problem_of("title"), Some(&Problem::Required));
    // A browser is led back to its page, where the field says so.
    let page = "/admin/settings/setup/services-manager/services/new/passkey";
    let referer = format!("https://id.example.org{page}");
    let plain = [("accept", "text/html,*/*"), ("referer", referer.as_str())];
    let response = call_with(&app, Method::POST, path, &admin, body, &plain).await;
    let cookie = with_new_cookie(&admin, &response);
    let back = response.headers()[header::LOCATION].to_str().expect("text").replace("https://id.example.org", "");
    assert!(back.starts_with(page), "{back}");
    let shown = text_of(call(&app, Method::GET, &back, &cookie, "").await).await;
    assert!(shown.contains("Please fill this in.") && shown.contains("aria-invalid"), "{shown}");
}

#[tokio::test]
async fn no_malformed_form_is_answered_with_a_failure_of_the_server() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [nobody, _, customer, admin] = cookies(&fixture).await;
    let cut = BODY.split('&').filter(|pair| !pair.starts_with("audience")).collect::<Vec<_>>().join("&");
    // Signing out would end the session that the other calls need.
    for (path, wanted) in FUNCTIONS.iter().filter(|(path, _)| *path != "/api/login/log_out") {
        for body in [&b""[..], b"%", b"&&=&", b"audience=", b"form=x", b"form[a][b][c][d][e][f][g]=x", cut.as_bytes()] {
            for kind in [FORM, "text/plain"] {
                for cookie in [&nobody, &customer, &admin] {
                    let status = post(&app, path, cookie, kind, body).await;
                    let body = String::from_utf8_lossy(body);
                    assert!(!status.is_server_error(), "{path} answered {kind} {body} with {status}");
                    if cookie.is_empty() && *wanted != For::Everybody {
                        assert_eq!(status, StatusCode::UNAUTHORIZED, "{path} {kind} {body}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_nul_in_any_field_is_wrong_input() {
    on_every_database(async |fixture| {
        let app = app(&fixture).await;
        let [nobody, _, customer, admin] = cookies(&fixture).await;
        fixture.set(Setting::SelfRegistration, 1).await;
        for sign in ["%00", "x%00", "%01%1b", "%E2%80%AE", "x%00%40example.org"] {
            let body =
                BODY.replace("=x", &format!("={sign}")).replace("x%40example.org", &format!("{sign}%40example.org"));
            for (path, _) in FUNCTIONS.iter().filter(|(path, _)| *path != "/api/login/log_out") {
                for cookie in [&nobody, &customer, &admin] {
                    let status = post(&app, path, cookie, FORM, body.as_bytes()).await;
                    assert!(!status.is_server_error(), "{path} answered {sign} with {status}");
                }
            }
            for page in [
                "/login?email=",
                "/admin/users?search=",
                "/admin/customers?search=",
                "/admin/audit?account=",
                "/register/",
                "/password/",
            ] {
                let status = call(&app, Method::GET, &format!("{page}{sign}"), &admin, "").await.status();
                assert!(!status.is_server_error(), "{page}{sign} answered {status}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_request_for_another_name_is_misdirected() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let get = async |path: &str, hosts: &[&str]| -> Response {
        let mut request = Request::get(path);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        app.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
    };
    for path in ["/login", "/admin", "/nothing", "/pkg/nothing.css"] {
        for hosts in [&["evil.example"][..], &["id.example.org.evil.example"], &["id.example.org", "evil.example"]] {
            let response = get(path, hosts).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{path} at {hosts:?}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
        assert_eq!(get(path, &[]).await.status(), StatusCode::BAD_REQUEST);
        assert_eq!(get(path, &["id.example.org/x"]).await.status(), StatusCode::BAD_REQUEST);
    }
    let absolute = get("http://evil.example/login", &["id.example.org"]).await;
    assert_eq!(absolute.status(), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(get("/login", &["ID.example.org:8443"]).await.status(), StatusCode::OK);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(path, &["10.0.0.7:3000"]).await.status(), StatusCode::OK, "{path} is asked by its address");
    }
}
