//! What browsers get of the brand: its files, whose names carry their hashes, and the preview of its page.

use super::router::Site;
use crate::{core::Core, looks};
use app::{
    brand::routes::{BRAND_PATH, BRAND_PREVIEW_PATH},
    caller::Caller,
    error::AppError,
    language::types::Language,
    login::types::Audience,
    ui::messages,
};
use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// For files whose names change with what they hold.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// What the preview may do: be drawn with styles of its own.
const PREVIEW_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                              object-src 'none'; form-action 'none'; frame-ancestors 'self'";

/// The files, which everybody gets.
pub fn files(site: &Arc<Site>) -> Router {
    Router::new().route("/brand/{name}", get(file)).with_state(site.clone())
}

/// The preview, which administrators get.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new().route(BRAND_PREVIEW_PATH, get(preview)).with_state(site.clone())
}

/// Lets every page show the brand as it was within the last second.
pub async fn refresh(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    looks::refresh(&site.core).await;
    next.run(request).await
}

async fn file(State(site): State<Arc<Site>>, Path(name): Path<String>) -> Response {
    let core = &site.core;
    // A page of another server may know the brand better than this one.
    if find(core, &name).is_none() && looks::read(core).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match find(core, &name) {
        Some(sheet) => ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, FOREVER)], sheet)
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The style sheet of this name.
fn find(core: &Core, name: &str) -> Option<String> {
    let look = core.brand.look();
    look.accent.filter(|_| look.sheet.as_deref() == Some(name)).map(|accent| accent.sheet())
}

async fn preview(State(site): State<Arc<Site>>, Extension(caller): Extension<Caller>) -> Response {
    let language = caller.language(BRAND_PATH);
    match show(&site, &caller, language).await {
        Ok(html) => {
            let headers = [(header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
            (headers, Html(html)).into_response()
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, language.speak(|| messages::error(&error))).into_response()
        }
    }
}

async fn show(site: &Site, caller: &Caller, language: Language) -> Result<String, AppError> {
    site.ports.brand.preview(caller.signed_in(Audience::Admin)?, language).await
}
