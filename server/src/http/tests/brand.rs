//! The brand, as browsers get it.

use super::{app, call, cookie, text_of};
use crate::testing::{Fixture, sqlite};
use axum::{
    Router,
    http::{Method, StatusCode, header},
};

const EDIT: &str = "/api/brand/edit";
const PAGE: &str = "/admin/settings/setup/brand";
const PREVIEW: &str = "/admin/settings/setup/brand/preview";

/// What the page posts.
fn form(act: &str, name: &str) -> String {
    format!("name={name}&accent=%23a1003c&help=https%3A%2F%2Fhelp.example.org&legal=&privacy=&act={act}")
}

async fn admin(fixture: &Fixture) -> String {
    fixture.administrator("ada@example.org").await;
    cookie("admin", &fixture.log_in_admin("ada@example.org").await.0)
}

/// The address of the brand's style sheet on the page that signs in.
async fn sheet(app: &Router) -> Option<String> {
    let html = text_of(call(app, Method::GET, "/login", "", "").await).await;
    let (_, rest) = html.split_once("href=\"/brand/")?;
    Some(format!("/brand/{}", rest.split('"').next()?))
}

#[tokio::test]
async fn storing_the_brand_needs_a_step_up_and_looking_does_not() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    fixture.clock.pass(601);
    for (act, status) in [("preview", 200), ("nearest", 200), ("discard", 200), ("save", 403)] {
        let answer = call(&app, Method::POST, EDIT, &admin, &form(act, "Acme")).await;
        assert_eq!(answer.status().as_u16(), status, "{act}");
    }
    assert_eq!(fixture.core.brand.name(), "Configio");
}

#[tokio::test]
async fn pages_have_the_sheet_of_an_accent_and_none_without() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    assert_eq!(sheet(&app).await, None);
    let before = text_of(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(!before.contains("brand-links"), "nothing is added where nothing is set");
    let saved = call(&app, Method::POST, EDIT, &admin, &form("save", "Acme+%3CSons%3E")).await;
    assert_eq!(saved.status(), StatusCode::OK);
    let html = text_of(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(html.contains("· Acme &lt;Sons&gt;</title>"), "the name is text in the title: {html}");
    assert!(!html.contains("<Sons>"), "the name is text");
    assert!(html.contains("href=\"https://help.example.org/\""), "the link stands at the foot");
    let path = sheet(&app).await.expect("a sheet");
    let sheet = call(&app, Method::GET, &path, "", "").await;
    let headers = sheet.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").starts_with("default-src 'none'"));
    assert!(headers.get(header::SET_COOKIE).is_none());
    assert!(text_of(sheet).await.starts_with(":root{--accent:#a1003c;"));
    for other in ["/brand/x.css", "/brand/..%2Fcountersign.toml", "/brand/"] {
        let answer = call(&app, Method::GET, other, "", "").await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{other}");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store", "{other}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_know_a_sheet_yet_looks_for_it() {
    let fixture = sqlite().await;
    let first = app(&fixture).await;
    let admin = admin(&fixture).await;
    let other = fixture.another_server(crate::platform::passwords::Passwords::with_cost(8, 1));
    let second = app(&other).await;
    assert_eq!(sheet(&second).await, None);
    call(&first, Method::POST, EDIT, &admin, &form("save", "Acme")).await;
    let path = sheet(&first).await.expect("a sheet");
    assert_eq!(call(&second, Method::GET, &path, "", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_preview_of_the_brand_is_a_document_in_which_nothing_runs() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    let name = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    call(&app, Method::POST, EDIT, &admin, &form("preview", name)).await;
    let preview = call(&app, Method::GET, PREVIEW, &admin, "").await;
    let headers = preview.headers();
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    for part in ["sandbox;", "default-src 'none'", "frame-ancestors 'self'", "form-action 'none'"] {
        assert!(policy.contains(part), "{part} is missing: {policy}");
    }
    assert!(!policy.contains("allow-scripts") && !policy.contains("script-src"), "{policy}");
    assert_eq!(headers[header::X_FRAME_OPTIONS], "SAMEORIGIN");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    let html = text_of(preview).await;
    assert!(html.contains("#a1003c") && html.contains("&lt;script") && !html.contains("<script"), "{html}");
    let page = text_of(call(&app, Method::GET, PAGE, &admin, "").await).await;
    assert!(page.contains("not saved") && !page.contains("<script>alert"), "what was typed is part of the page");
    let stranger = call(&app, Method::GET, PREVIEW, "", "").await;
    assert!(stranger.status().is_redirection() || stranger.status() == StatusCode::UNAUTHORIZED);
}
