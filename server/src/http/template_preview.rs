//! How a message's HTML would arrive, as a document that the editor frames.

use super::{framed::framed, router::Site};
use app::{
    caller::Caller,
    error::AppError,
    login::types::Audience,
    message_templates::{
        routes::{MESSAGE_TEMPLATES_PATH, PREVIEW_PATH},
        types::Message,
    },
};
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use std::sync::Arc;

/// The address of the preview.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new().route(PREVIEW_PATH, get(preview)).with_state(site.clone())
}

async fn preview(
    State(site): State<Arc<Site>>,
    Extension(caller): Extension<Caller>,
    Path((message, language)): Path<(String, String)>,
) -> Response {
    framed(&caller, MESSAGE_TEMPLATES_PATH, show(&site, &caller, &language, &message).await)
}

async fn show(site: &Site, caller: &Caller, language: &str, message: &str) -> Result<String, AppError> {
    let admin = caller.signed_in(Audience::Admin)?;
    let message: Message = message.parse().map_err(|()| AppError::NotFound)?;
    let language = language.parse().map_err(|()| AppError::NotFound)?;
    site.ports.message_templates.preview(admin, language, message).await
}
