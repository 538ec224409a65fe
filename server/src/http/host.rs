//! The name that a request asks for has to be ours (RFC 9110 §7.4): a page that reached this server by a name of its own
//! would be of the same origin as what it reads here.

use super::{language, router::Site};
use crate::platform::loopback::is_loopback;
use app::ui::messages;
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::SocketAddr, sync::Arc};
use url::{Host, Url};

/// Answers requests for another name with 421, and those for no name at all with 400 (RFC 9112 §3.2).
pub async fn check(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let public = &site.core.public_url;
    match names(&request) {
        None => StatusCode::BAD_REQUEST.into_response(),
        Some(names) if names.iter().all(|name| is_ours(name, public, peer)) => next.run(request).await,
        Some(_) => {
            let address = public.origin().ascii_serialization();
            let text = language::of_browser(request.headers()).speak(|| messages::misdirected(address));
            (StatusCode::MISDIRECTED_REQUEST, text).into_response()
        }
    }
}

/// The names that a request gives: by Host, and in an absolute address.
fn names(request: &Request) -> Option<Vec<Host<String>>> {
    let mut names = Vec::new();
    for value in request.headers().get_all(header::HOST) {
        names.push(name(value.to_str().ok()?)?);
    }
    if let Some(authority) = request.uri().authority() {
        names.push(name(authority.as_str())?);
    }
    (!names.is_empty()).then_some(names)
}

/// The name in a Host header, in one spelling. The port is left out: proxies and containers change it.
fn name(authority: &str) -> Option<Host<String>> {
    if authority.contains(['/', '\\', '?', '#', '@']) {
        return None;
    }
    let url = Url::parse(&format!("http://{authority}")).ok()?;
    Some(match url.host()? {
        Host::Domain(name) => Host::Domain(name.trim_end_matches('.').to_owned()),
        address => address.to_owned(),
    })
}

fn is_ours(name: &Host<String>, public: &Url, peer: SocketAddr) -> bool {
    // Who sits at this machine may call it by any of its own names. No page from elsewhere can have one of them.
    let at_home = is_loopback(name) && peer.ip().to_canonical().is_loopback();
    at_home || public.host().is_some_and(|host| host.to_owned() == *name || is_loopback(&host) && is_loopback(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_ours() {
        let far = SocketAddr::from(([192, 0, 2, 7], 4000));
        let near = SocketAddr::from(([127, 0, 0, 1], 4000));
        for (public, asked, peer, ours) in [
            ("https://id.example.org", "id.example.org", far, true),
            ("https://id.example.org", "ID.Example.org.:443", far, true),
            ("https://id.example.org", "evil.example", far, false),
            ("https://id.example.org", "id.example.org.evil.example", far, false),
            ("https://id.example.org", "sub.id.example.org", far, false),
            ("https://id.example.org", "127.0.0.1:3000", far, false),
            ("https://id.example.org", "127.0.0.1:3000", near, true),
            ("https://id.example.org", "evil.example", near, false),
            ("http://127.0.0.1:3000", "localhost:3000", far, true),
            ("http://127.0.0.1:3000", "[::1]:8080", far, true),
            ("http://localhost:3000", "127.0.0.1", far, true),
            ("http://127.0.0.1:3000", "evil.example:3000", near, false),
            ("http://192.0.2.1", "192.0.2.1:3000", far, true),
            ("http://192.0.2.1", "192.0.2.2", far, false),
        ] {
            let public: Url = public.parse().expect("an address");
            let asked_name = name(asked).expect("a name");
            assert_eq!(is_ours(&asked_name, &public, peer), ours, "{asked} at {public}");
        }
        for bad in ["", "a b", "user@id.example.org", "id.example.org/x", "id.example.org:port", "a?b"] {
            assert_eq!(name(bad), None, "{bad}");
        }
    }
}
