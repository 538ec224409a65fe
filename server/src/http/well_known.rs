//! What other programs look for at fixed addresses (RFC 8615).

use super::router::Site;
use crate::platform::clock::day_text;
use app::login::types::Audience;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use std::sync::Arc;

/// How long what security.txt says is good for, in seconds: it is computed whenever somebody asks, and RFC 9116 §2.5.5
/// wants less than a year.
const GOOD_FOR: i64 = 90 * 86_400;

/// The addresses.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new()
        .route("/.well-known/security.txt", get(security_txt))
        .route("/.well-known/change-password", get(change_password))
        .with_state(site.clone())
}

/// Whom to tell about a hole (RFC 9116); nobody where the setting names nobody.
async fn security_txt(State(site): State<Arc<Site>>) -> Response {
    let Some(contact) = &site.security_contact else { return StatusCode::NOT_FOUND.into_response() };
    let mut text = format!("Contact: {contact}\nExpires: {}T00:00:00Z\n", day_text(site.core.clock.now() + GOOD_FOR));
    if site.secure {
        text += &format!("Canonical: {}\n", site.core.link("/.well-known/security.txt"));
    }
    text += "Preferred-Languages: en\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Where password managers lead people who change a password (W3C, A Well-Known URL for Changing Passwords). Customers
/// are many; administrators know their way.
async fn change_password() -> Redirect {
    Redirect::to(Audience::Customer.security_path())
}
