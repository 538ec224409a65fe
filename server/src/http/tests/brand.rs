//! The brand, as browsers get it.

use super::{app, assert_framed, call, call_with, cookie, text_of};
use crate::{
    looks::picture::tests::png_of,
    testing::{Fixture, sqlite},
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt;
use tower::ServiceExt;

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
    assert_framed(&preview);
    let html = text_of(preview).await;
    assert!(html.contains("#a1003c") && html.contains("&lt;script") && !html.contains("<script"), "{html}");
    let page = text_of(call(&app, Method::GET, PAGE, &admin, "").await).await;
    assert!(page.contains("not saved") && !page.contains("<script>alert"), "what was typed is part of the page");
    let stranger = call(&app, Method::GET, PREVIEW, "", "").await;
    assert!(stranger.status().is_redirection() || stranger.status() == StatusCode::UNAUTHORIZED);
}

/// Posts a file as browsers do, whatever it is called.
async fn upload(app: &Router, cookie: &str, slot: &str, file: &[u8]) -> Response {
    let head = "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"logo.png\"\r\n\
                Content-Type: image/png\r\n\r\n";
    let body = [head.as_bytes(), file, b"\r\n--cut--\r\n"].concat();
    let request = Request::post(format!("{PAGE}/pictures/{slot}"))
        .header(header::HOST, "id.example.org")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    app.clone().oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer")
}

fn location(response: &Response) -> &str {
    response.headers().get(header::LOCATION).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_picture_is_served_as_what_it_is_and_as_nothing_else() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    assert_eq!(location(&upload(&app, &admin, "logo", &png_of(320, 80)).await), format!("{PAGE}?done=saved"));
    assert_eq!(location(&upload(&app, &admin, "icon", &png_of(64, 64)).await), format!("{PAGE}?done=saved"));
    let html = text_of(call(&app, Method::GET, "/login", "", "").await).await;
    assert!(html.contains("alt=\"Configio\"") && !html.contains("favicon.svg"), "{html}");
    let pictures = fixture.core.brand.look().pictures.clone();
    let file = pictures.logo.expect("a logo").file;
    assert!(html.contains(&format!("src=\"/brand/{file}\"")), "{html}");
    let answer = call(&app, Method::GET, &format!("/brand/{file}"), "", "").await;
    let headers = answer.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text").starts_with("default-src 'none'"));
    let bytes = answer.into_body().collect().await.expect("the whole body").to_bytes();
    assert_eq!(bytes, png_of(320, 80));

    // What somebody put in its place in the database is no picture, whatever its row says.
    let row = crate::looks::store::find(&fixture.core.db, "logo").await.expect("answers").expect("a row");
    let data = Some("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==".to_owned());
    crate::looks::store::put(&fixture.core.db, crate::entity::brand::Model { data, ..row }).await.expect("stored");
    assert_eq!(call(&app, Method::GET, &format!("/brand/{file}"), "", "").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_administrators_who_proved_it_upload_and_only_pictures() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let admin = admin(&fixture).await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    for file in [&svg[..], b"<!doctype html><script>alert(1)</script>", b"", &[b'x'; 60_000], &[b'x'; 70_000]] {
        let answer = upload(&app, &admin, "logo", file).await;
        assert_eq!(location(&answer), format!("{PAGE}?refused=logo#pictures"), "{} bytes", file.len());
    }
    let page = text_of(call(&app, Method::GET, &format!("{PAGE}?refused=logo"), &admin, "").await).await;
    assert!(page.contains("SVG can") && page.contains("aria-invalid"), "{page}");
    assert_eq!(upload(&app, &admin, "other", &png_of(64, 64)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(upload(&app, "", "logo", &png_of(64, 64)).await.status(), StatusCode::UNAUTHORIZED);
    fixture.customer("carla@example.org").await;
    let customer = cookie("customer", &fixture.full_sign_in("carla@example.org").await);
    assert!(upload(&app, &customer, "logo", &png_of(64, 64)).await.status().is_client_error());
    let foreign = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    let answer = call_with(&app, Method::POST, &format!("{PAGE}/pictures/logo"), &admin, "", &foreign).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    fixture.clock.pass(601);
    assert!(location(&upload(&app, &admin, "logo", &png_of(64, 64)).await).starts_with("/admin/profile/confirm?"));
    let page = text_of(call(&app, Method::GET, PAGE, &admin, "").await).await;
    assert!(
        page.contains("before you upload") && !page.contains("type=\"file\""),
        "what would be lost is not asked for"
    );
    assert_eq!(fixture.core.brand.look().pictures, ::app::brand::types::Pictures::default());
}
