//! The bodies of server functions. Leptos reads a form before the function can ask who calls, and answers what it cannot
//! read with 500; here it is answered by what is wrong with it, and only to somebody who may call the function
//! (checklist 65).

use super::{access, router::BODY_BYTES};
use app::{caller::Caller, error::AppError};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::LengthLimitError;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use percent_encoding::percent_decode;
use std::error::Error;

/// What server functions take.
const FORM: &str = "application/x-www-form-urlencoded";

/// Lets a server function see only a body that can be read as a form, and gives errors that Leptos found their status.
pub async fn check(request: Request, next: Next) -> Response {
    if *request.method() != Method::POST || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let path = request.uri().path().to_owned();
    let refusal =
        request.extensions().get::<Caller>().map_or(Some(AppError::unlogged()), |c| access::refusal(&path, c));
    let refuse = |status| match &refusal {
        Some(error) => answer(&path, error),
        None => status_alone(status),
    };
    let (parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    // The router has limited it already, by its announced length or while it is read.
    let bytes = match to_bytes(body, BODY_BYTES).await {
        Ok(bytes) => bytes,
        Err(error) if is_too_large(&error) => return refuse(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => return refuse(StatusCode::BAD_REQUEST),
    };
    if !is_readable(&bytes) {
        return refuse(StatusCode::BAD_REQUEST);
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    with_its_status(&path, response, refusal).await
}

fn is_form(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    let kind = kinds.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case(FORM) && kinds.next().is_none()
}

/// Whether a body could not be read for its length, and not for being broken.
fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    error.is::<LengthLimitError>() || error.source().is_some_and(is_too_large)
}

/// Whether every escape is one, and all of it text.
fn is_readable(bytes: &[u8]) -> bool {
    let mut escapes = bytes.split(|byte| *byte == b'%').skip(1);
    let whole = escapes.all(|rest| rest.len() >= 2 && rest[..2].iter().all(u8::is_ascii_hexdigit));
    whole && percent_decode(bytes).decode_utf8().is_ok()
}

/// Leptos leaves 500 on what it refused before the function ran; the error itself knows better.
async fn with_its_status(path: &str, response: Response, refusal: Option<AppError>) -> Response {
    let failed = response.status() == StatusCode::INTERNAL_SERVER_ERROR;
    if !failed || !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, BODY_BYTES).await.unwrap_or_default();
    match serde_json::from_slice::<AppError>(&bytes) {
        Ok(AppError::Internal { .. }) | Err(_) => {}
        Ok(error) => match refusal {
            Some(refusal) => return answer(path, &refusal),
            None => parts.status = status_of(&error),
        },
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// An error as a server function would answer it.
fn answer(path: &str, error: &AppError) -> Response {
    let mut response = (status_of(error), axum::Json(error)).into_response();
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(SERVER_FN_ERROR_HEADER, path);
    }
    response
}

fn status_alone(status: StatusCode) -> Response {
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}

fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_readable_when_every_escape_is_one_and_all_of_it_is_text() {
        for (body, readable) in [
            (&b""[..], true),
            (b"a=b&c=%C3%A9+%25", true),
            (b"a=%", false),
            (b"a=%4", false),
            (b"a=%zz", false),
            (b"a=%%41", false),
            (b"a=%ff", false),
            (b"a=\xff", false),
            (b"a=%C3", false),
        ] {
            assert_eq!(is_readable(body), readable, "{body:?}");
        }
    }
}
