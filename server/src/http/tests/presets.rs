//! What an address fills into the form of a new mail server: known names, and nothing that stands in it.

use super::{app, call, call_with, cookies, text_of};
use crate::testing::sqlite;
use app::services::routes::NEW_SERVICE_PATH;
use axum::http::{Method, StatusCode, header};

#[tokio::test]
async fn a_preset_fills_the_form_in_and_an_address_says_nothing_by_itself() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let page = async |query: &str| {
        let path = format!("{NEW_SERVICE_PATH}/smtp{query}");
        text_of(call(&app, Method::GET, &path, &admin, "").await).await
    };
    let sendgrid = page("?preset=sendgrid").await;
    for part in ["value=\"smtp.sendgrid.net\"", "value=\"587\"", "value=\"apikey\"", "Always the word apikey."] {
        assert!(sendgrid.contains(part), "{part} is missing");
    }
    for query in ["", "?preset=evil.example", "?host=evil.example", "?preset=&host=evil.example&user_name=evil.example"]
    {
        let shown = page(query).await;
        assert!(shown.contains("name=\"form[host]\""), "{query}: the form is there");
        assert!(!shown.contains("value=\"evil.example\"") && !shown.contains("value=\"smtp."), "{query}");
    }
}

#[tokio::test]
async fn a_preset_keeps_what_was_typed_and_puts_no_secret_into_an_address() {
    let fixture = sqlite().await;
    let app = app(&fixture).await;
    let [.., admin] = cookies(&fixture).await;
    let body = "preset=sendgrid&id=&form[title]=Our+messages&form[host]=x&form[port]=1&form[encryption]=tls&\
        form[user_name]=u&form[password]=typed-secret&form[client_secret]=typed-secret&form[refresh_token]=typed-secret&\
        form[from_address]=robot%40example.org&form[from_name]=n&form[reply_to]=help%40example.org";
    let from = format!("https://id.example.org{NEW_SERVICE_PATH}/smtp");
    let headers = [("accept", "text/html"), ("referer", from.as_str())];
    let led = call_with(&app, Method::POST, "/api/services/preset", &admin, body, &headers).await;
    let location = led.headers()[header::LOCATION].to_str().expect("text").to_owned();
    assert!(location.contains("preset=sendgrid") && !location.contains("typed-secret"), "{location}");
    let proof = led.headers()[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a cookie");
    let path = location.trim_start_matches("https://id.example.org");
    let page = text_of(call(&app, Method::GET, path, &format!("{admin}; {proof}"), "").await).await;
    for value in ["Our messages", "robot@example.org", "help@example.org", "smtp.sendgrid.net", "587", "apikey"] {
        assert!(page.contains(&format!("value=\"{value}\"")), "{value} is missing");
    }
    assert!(!page.contains("typed-secret"));
    assert_eq!(call(&app, Method::GET, path, &admin, "").await.status(), StatusCode::SEE_OTHER, "without its proof");
}
