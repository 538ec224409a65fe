//! How a message's HTML would arrive, as a document that the editor frames. What stands in it is an administrator's, so it
//! has a policy of its own: it runs nothing, loads nothing, sends nothing and belongs to no site.

use super::router::Site;
use app::{
    caller::Caller,
    error::AppError,
    login::types::Audience,
    message_templates::{
        routes::{MESSAGE_TEMPLATES_PATH, PREVIEW_PATH},
        types::Message,
    },
    ui::messages,
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// Inline styles are what mail is made of; nothing else is allowed.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; object-src 'none'; \
                      form-action 'none'; frame-ancestors 'self'";

/// The address of the preview.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new().route(PREVIEW_PATH, get(preview)).with_state(site.clone())
}

async fn preview(
    State(site): State<Arc<Site>>,
    Extension(caller): Extension<Caller>,
    Path((message, language)): Path<(String, String)>,
) -> Response {
    match show(&site, &caller, &language, &message).await {
        Ok(html) => {
            let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
            (headers, Html(html)).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, caller.language(MESSAGE_TEMPLATES_PATH).speak(|| messages::error(&error))).into_response()
        }
    }
}

async fn show(site: &Site, caller: &Caller, language: &str, message: &str) -> Result<String, AppError> {
    let admin = caller.signed_in(Audience::Admin)?;
    let message: Message = message.parse().map_err(|()| AppError::NotFound)?;
    let language = language.parse().map_err(|()| AppError::NotFound)?;
    site.ports.message_templates.preview(admin, language, message).await
}
