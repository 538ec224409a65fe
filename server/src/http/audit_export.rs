//! The download of the audit log.

use super::router::Site;
use crate::{audit::export::export, platform::clock::day_text};
use app::{
    audit::{routes::AUDIT_EXPORT_PATH, types::AuditQuery},
    caller::Caller,
    error::AppError,
    login::types::Audience,
    ui::messages,
};
use axum::{
    Extension, Router,
    body::Body,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::TryStreamExt;
use std::sync::Arc;

/// The address of the download.
pub fn routes(site: &Arc<Site>) -> Router {
    Router::new().route(AUDIT_EXPORT_PATH, get(download)).with_state(site.clone())
}

async fn download(
    State(site): State<Arc<Site>>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<AuditQuery>,
) -> Response {
    begin(&site, &caller, &query).await.unwrap_or_else(|error| {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, messages::error(&error)).into_response()
    })
}

async fn begin(site: &Site, caller: &Caller, query: &AuditQuery) -> Result<Response, AppError> {
    let admin = caller.signed_in(Audience::Admin)?;
    let lines = export(site.core.clone(), admin, query).await?;
    let name = format!("attachment; filename=\"audit-{}.csv\"", day_text(site.core.clock.now()));
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    // A download that breaks off in the middle is seen as such by the browser.
    let body = Body::from_stream(lines.map_err(|error| std::io::Error::other(messages::error(&error))));
    Ok((headers, body).into_response())
}
