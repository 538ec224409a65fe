//! Documents that an editor frames: a message or a page as it would look. What stands in one is an administrator's, so it has
//! a policy of its own: it runs nothing, loads nothing, sends nothing and belongs to no site.

use app::{caller::Caller, error::AppError, ui::messages};
use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

/// Inline styles are what mail is made of, and pictures stand in the document itself; nothing else is allowed.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
                      object-src 'none'; form-action 'none'; frame-ancestors 'self'";

/// The document, or why there is none, in the language of the page at `path` that frames it.
pub fn framed(caller: &Caller, path: &str, document: Result<String, AppError>) -> Response {
    match document {
        Ok(html) => {
            let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::X_FRAME_OPTIONS, "SAMEORIGIN")];
            (headers, Html(html)).into_response()
        }
        Err(error) => told(caller, path, &error),
    }
}

/// An error as plain text, in the language of the page at `path`.
pub fn told(caller: &Caller, path: &str, error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, caller.language(path).speak(|| messages::error(error))).into_response()
}
