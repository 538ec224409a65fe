//! The download of the audit log.

use super::router::Site;
use crate::{audit_export::export, platform::clock::day_text};
use app::{
    audit::{
        routes::{AUDIT_EXPORT_PATH, AUDIT_PATH, path_of as audit_path},
        types::AuditQuery,
    },
    caller::Caller,
    error::AppError,
    login::types::Audience,
    step_up::routes::confirm_link,
    ui::messages,
};
use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
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
    headers: HeaderMap,
) -> Response {
    let language = caller.language(AUDIT_PATH);
    let people = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|v| v.contains("html"));
    begin(&site, &caller, &query).await.unwrap_or_else(|error| match error {
        // Back to the page of the log with the same filter, from where the download is one click away.
        AppError::StepUpNeeded { .. } if people => {
            let page = audit_path(AUDIT_PATH, &query);
            Redirect::to(&confirm_link(Audience::Admin, &page)).into_response()
        }
        AppError::StepUpNeeded { .. } => (StatusCode::FORBIDDEN, Json(error)).into_response(),
        error => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, language.speak(|| messages::error(&error))).into_response()
        }
    })
}

async fn begin(site: &Site, caller: &Caller, query: &AuditQuery) -> Result<Response, AppError> {
    let admin = caller.stepped_up(Audience::Admin)?;
    let lines = export(site.core.clone(), admin, query).await?;
    let name = format!("attachment; filename=\"audit-{}.csv\"", day_text(site.core.clock.now()));
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    // A download that breaks off in the middle is seen as such by the browser.
    let body = Body::from_stream(lines.map_err(|error| std::io::Error::other(messages::error(&error))));
    Ok((headers, body).into_response())
}
