//! What an address fills into the form of a new mail server: known names, and nothing that stands in it.

use super::{app, call, cookies, text_of};
use crate::testing::sqlite;
use app::services::routes::NEW_SERVICE_PATH;
use axum::http::Method;

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
