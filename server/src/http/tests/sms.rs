//! The pages of text messages, as a browser without scripts gets them.

use super::{app, call, cookies, text_of, with_new_cookie};
use crate::testing::{Fixture, sqlite, twilio_form};
use app::{secondary_auth::port::SecondaryAuthPort, services::port::ServicesPort};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt;

const SERVICES: &str = "/admin/settings/setup/services-manager/services";

async fn page(app: &Router, path: &str, cookie: &str) -> (StatusCode, String) {
    let response = call(app, Method::GET, path, cookie, "").await;
    (response.status(), text_of(response).await)
}

/// What a plain form is answered with, as a page.
async fn posted(app: &Router, from: &str, cookie: &str, body: &str) -> (String, String) {
    let request = Request::post("/api/services/save_sms")
        .header(header::HOST, "id.example.org")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, format!("https://id.example.org{from}"));
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = app.clone().oneshot(request).await.expect("an answer");
    let location = response.headers()[header::LOCATION].to_str().expect("an address").to_owned();
    let path = location.trim_start_matches("https://id.example.org").to_owned();
    let (_, page) = page(app, &path, &with_new_cookie(cookie, &response)).await;
    (path, page)
}

fn twilio_body(more: &str) -> String {
    let form = twilio_form();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("id", "")
        .append_pair("form[title]", &form.title)
        .append_pair("form[vendor]", &form.vendor)
        .append_pair("form[url]", &form.url)
        .append_pair("form[account]", &form.account)
        .append_pair("form[sender]", &form.sender)
        .append_pair("form[secret]", &form.secret)
        .append_pair("form[countries]", &form.countries)
        .append_pair("form[daily]", &form.daily)
        .finish();
    body + more
}

async fn fixture() -> (Fixture, Router, String, String) {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [_, _, customer, admin] = cookies(&fixture).await;
    (fixture, app, customer, admin)
}

#[tokio::test]
async fn each_vendor_has_a_form_of_its_own() {
    let (_fixture, app, _, admin) = fixture().await;
    let (_, types) = page(&app, &format!("{SERVICES}/new/provider"), &admin).await;
    assert!(types.contains("new/sms\"") && types.contains("Text message"));
    let (_, vendors) = page(&app, &format!("{SERVICES}/new/sms"), &admin).await;
    for (vendor, name, parts) in [
        ("twilio", "Twilio", &["Account SID", "Auth token", "https://api.twilio.com", "Messages per day"][..]),
        (
            "gateway",
            "HTTP gateway",
            &[
                // The lines stand in the fields as they are, without marks for scripts.
                ">Authorization: Bearer {{secret}}\nContent-Type: application/json</textarea>",
                "{{digits}} the number without it",
                "Response contains",
            ],
        ),
        ("smpp", "SMPP", &["System ID", "GSM 7-bit", "name=\"form[tls]\""]),
    ] {
        assert!(vendors.contains(&format!("new/sms/{vendor}\"")) && vendors.contains(name));
        let (status, form) = page(&app, &format!("{SERVICES}/new/sms/{vendor}"), &admin).await;
        assert_eq!(status, StatusCode::OK);
        for part in parts.iter().chain(&["Send Test Message", "Countries", "Test number"]) {
            assert!(form.contains(part), "{part} is missing from {vendor}: {form}");
        }
    }
    let (_, unknown) = page(&app, &format!("{SERVICES}/new/sms/pigeon"), &admin).await;
    assert!(!unknown.contains("Send Test Message"));
}

#[tokio::test]
async fn a_plain_form_keeps_what_was_typed_but_for_the_secret() {
    let (fixture, app, _, admin) = fixture().await;
    let new = format!("{SERVICES}/new/sms/twilio");
    let (path, page) = posted(&app, &new, &admin, &twilio_body("&form[test_to]=07400123456&test=on")).await;
    assert!(path.starts_with(&new), "{path}");
    assert!(page.contains("Start with a plus sign") && page.contains("value=\"07400123456\""), "{page}");
    for secret in [&path, &page] {
        assert!(!secret.contains("t0p-s3cret"));
    }
    let (path, page) = posted(&app, &new, &admin, &twilio_body("&form[test_to]=%2B447400123456&test=on")).await;
    assert!(path.starts_with(&format!("{new}?done=test_sent&")), "{path}");
    assert!(page.contains("Test message sent. Check that phone."));
    for typed in ["value=\"+447400123456\"", "value=\"AC0123456789abcdef0123456789abcdef\"", "value=\"GB\""] {
        assert!(page.contains(typed), "{typed} is missing");
    }
    assert!(!path.contains("t0p-s3cret") && !page.contains("t0p-s3cret"));
    assert_eq!(fixture.texts.kept().len(), 1);
    let (path, page) = posted(&app, &new, &admin, &twilio_body("")).await;
    assert_eq!(path, format!("{SERVICES}?done=saved"));
    assert!(page.contains("api.twilio.com") && page.contains(">Text message<"), "{page}");
    assert_eq!(fixture.services().list().await.expect("lists").len(), 2);
}

#[tokio::test]
async fn the_two_factor_page_asks_for_number_and_country_and_tells_the_risk() {
    let (fixture, app, customer, _) = fixture().await;
    fixture.offer_texts().await;
    let (_, page) = page(&app, "/account/two-factor", &customer).await;
    for part in ["Phone number", "Country", "(+44)", "value=\"GB\"", "autocomplete=\"tel-national\""] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    // Somebody who has the choice is told about what is chosen; the first is mail here.
    let (admin, auths) = (fixture.admin(), fixture.secondary_auth());
    for auth in auths.list().await.expect("lists").iter().filter(|auth| auth.title == "Email") {
        auths.delete(&admin, auth.id, true).await.expect("deleted");
    }
    let (_, page) = self::page(&app, "/account/two-factor", &customer).await;
    assert!(page.contains("takes over your phone number"), "{page}");
}
