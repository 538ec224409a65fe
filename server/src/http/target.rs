//! How long what a request asks for may be. Pages take their parameters one by one and look each name up among those
//! before, so that thousands of them would cost as much as a password (checklist 60); and a name that no file system takes
//! would be an error of ours (checklist 65).

use axum::{
    extract::Request,
    http::{StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The longest path, in bytes.
const PATH: usize = 1_024;
/// The longest part of it: file systems take 255 bytes, and a packed file has a longer name.
const SEGMENT: usize = 200;
/// The most parameters: no page of ours has a quarter of them.
const PARAMETERS: usize = 100;

/// Answers 414 where it is too long.
pub async fn check(request: Request, next: Next) -> Response {
    if fits(request.uri()) {
        return next.run(request).await;
    }
    let status = StatusCode::URI_TOO_LONG;
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}

fn fits(uri: &Uri) -> bool {
    let path = uri.path();
    let parameters =
        uri.query().map_or(0, |query| 1 + query.bytes().filter(|byte| matches!(byte, b'&' | b';')).count());
    path.len() <= PATH && path.split('/').all(|segment| segment.len() <= SEGMENT) && parameters <= PARAMETERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_much_as_a_page_needs_fits_and_no_more() {
        let fits = |text: String| fits(&text.parse().expect("a target"));
        let segment = |length: usize| format!("/{}", "a".repeat(length));
        assert!(fits("/".into()) && fits(segment(SEGMENT)) && !fits(segment(SEGMENT + 1)));
        assert!(fits("/a".repeat(PATH / 2)) && !fits("/a".repeat(PATH / 2 + 1)));
        let names = |most: usize| format!("/login?{}", (0..most).map(|n| format!("{n}")).collect::<Vec<_>>().join("&"));
        assert!(fits(names(PARAMETERS)) && !fits(names(PARAMETERS + 1)));
        assert!(fits(format!("/login?__err={}", "e".repeat(60_000))), "what was typed comes back in one");
    }
}
