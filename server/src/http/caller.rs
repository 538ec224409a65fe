//! Finds out who is calling: client address, cookies, sessions.

use super::{client_address, language, router::Site};
use crate::sessions::current::session_of;
use app::{
    caller::{Browser, Caller, KnownBrowser, Origin, Token},
    error::AppError,
    language::types::Language,
    login::types::Audience,
    ui::messages,
};
use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::SocketAddr, sync::Arc};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// Seconds that a browser keeps the page that it was led to the sign-in from: as long as a sign-in waits for its code.
const WAY_BACK: i64 = 900;

/// Cookies as the rest of the server uses them.
struct CookieJar {
    cookies: Cookies,
    secure: bool,
}

impl CookieJar {
    fn name(&self, kind: &str, audience: Audience) -> String {
        format!("{}countersign_{}_{kind}", self.prefix(), audience.as_str())
    }

    /// The name of the cookie of a known browser, which is one for both audiences.
    fn known_name(&self) -> String {
        format!("{}countersign_known", self.prefix())
    }

    /// The name of the cookie with the language that was chosen, which is one for both audiences.
    fn language_name(&self) -> String {
        format!("{}countersign_language", self.prefix())
    }

    fn prefix(&self) -> &'static str {
        // The prefix makes browsers refuse the cookie unless it is Secure and of this host alone.
        if self.secure { "__Host-" } else { "" }
    }

    fn set(&self, kind: &str, audience: Audience, token: Option<&Token>) {
        self.add(self.name(kind, audience), token);
    }

    fn add(&self, name: String, token: Option<&Token>) {
        let cookie = Cookie::build((name, token.map(|t| t.secret.clone()).unwrap_or_default()))
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax);
        let cookie = match token {
            None => cookie.max_age(Duration::ZERO),
            Some(Token { max_age: Some(seconds), .. }) => cookie.max_age(Duration::seconds(*seconds)),
            Some(Token { max_age: None, .. }) => cookie,
        };
        self.cookies.add(cookie.build());
    }

    fn get(&self, kind: &str, audience: Audience) -> Option<String> {
        self.value(&self.name(kind, audience))
    }

    fn value(&self, name: &str) -> Option<String> {
        self.cookies.get(name).map(|cookie| cookie.value().to_owned()).filter(|v| !v.is_empty())
    }
}

impl Browser for CookieJar {
    fn set_session(&self, audience: Audience, token: Option<&Token>) {
        self.set("session", audience, token);
    }

    fn trust(&self, audience: Audience) -> Option<String> {
        self.get("trust", audience)
    }

    fn set_trust(&self, audience: Audience, token: Option<&Token>) {
        self.set("trust", audience, token);
    }

    fn set_known(&self, token: &Token) {
        self.add(self.known_name(), Some(token));
    }

    fn set_language(&self, language: Language) {
        let token = Token { secret: language.as_str().to_owned(), max_age: Some(language::KEPT) };
        self.add(self.language_name(), Some(&token));
    }

    fn shown_once(&self, audience: Audience) -> Option<String> {
        self.get("once", audience)
    }

    fn set_shown_once(&self, audience: Audience, token: Option<&Token>) {
        self.set("once", audience, token);
    }

    fn way_back(&self, audience: Audience) -> Option<String> {
        self.get("back", audience)
    }

    fn set_way_back(&self, audience: Audience, path: Option<&str>) {
        let token = path.map(|path| Token { secret: path.to_owned(), max_age: Some(WAY_BACK) });
        self.set("back", audience, token.as_ref());
    }
}

/// Puts the [`Caller`] into the request.
pub async fn identify(
    State(site): State<Arc<Site>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    cookies: Cookies,
    mut request: Request,
    next: Next,
) -> Response {
    client_address::warn_of_untrusted_proxy(peer.ip(), request.headers(), &site.proxies);
    let jar = CookieJar { cookies, secure: site.secure };
    let origin = Origin {
        address: client_address::client_address(peer.ip(), request.headers(), &site.proxies),
        user_agent: user_agent(request.headers()),
        known: KnownBrowser(jar.value(&jar.known_name())),
        language: language::of(request.headers(), jar.value(&jar.language_name()).as_deref()),
        scripted: is_scripted(request.headers()),
    };
    let mut sessions = Vec::new();
    for audience in Audience::ALL {
        let Some(token) = jar.get("session", audience) else { continue };
        match session_of(&site.core, audience, &token, &origin).await {
            Ok(session) => sessions.extend(session),
            // Closed rather than open while the database is away.
            Err(error) => return origin.language.speak(|| away(&error)),
        }
    }
    drop_foreign_referer(request.headers_mut());
    forget_done(request.headers_mut());
    request.extensions_mut().insert(Caller { origin, sessions, browser: Arc::new(jar) });
    next.run(request).await
}

/// What is told where the sessions cannot be read: in the words of a page, which server functions pass on as well.
fn away(error: &AppError) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, messages::error(error)).into_response()
}

fn user_agent(headers: &HeaderMap) -> String {
    let text = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// Whether a script asked: browsers tell that of every request (W3C Fetch Metadata, `Sec-Fetch-Mode`). What does not say so is
/// taken for a plain form, whose page has to be complete.
fn is_scripted(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_some_and(|mode| mode != "navigate")
}

/// Plain forms are answered with a redirect to the page they came from, which must be one of ours (ASVS 3.7.2).
fn drop_foreign_referer(headers: &mut HeaderMap) {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let referer =
        headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|r| url::Url::parse(r).ok());
    let ours = referer.is_some_and(|url| {
        let authority = match (url.host_str(), url.port()) {
            (Some(name), Some(port)) => Some(format!("{name}:{port}")),
            (Some(name), None) => Some(name.to_owned()),
            _ => None,
        };
        matches!(url.scheme(), "http" | "https") && authority == host
    });
    if !ours {
        headers.remove(header::REFERER);
    }
}

/// A form that fails leads back to the page that it stood on: without what that page said was done before.
fn forget_done(headers: &mut HeaderMap) {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let Some((page, query)) = referer.and_then(|referer| referer.split_once('?')) else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("done=")).collect();
    let kept = kept.join("&");
    let referer = if kept.is_empty() { page.to_owned() } else { format!("{page}?{kept}") };
    if let Ok(referer) = HeaderValue::from_str(&referer) {
        headers.insert(header::REFERER, referer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().expect("a name"), value.parse().expect("a value"))])
    }

    #[test]
    fn what_was_done_before_is_not_said_beside_what_failed() {
        for (page, kept) in [
            ("https://id.example.org/account?done=saved", "https://id.example.org/account"),
            ("https://id.example.org/a?q=x&done=saved&saved=y", "https://id.example.org/a?q=x&saved=y"),
            ("https://id.example.org/a?q=undone=1", "https://id.example.org/a?q=undone=1"),
            ("https://id.example.org/a", "https://id.example.org/a"),
        ] {
            let mut headers = headers("referer", page);
            forget_done(&mut headers);
            assert_eq!(headers[header::REFERER], kept);
        }
    }

    #[test]
    fn only_what_says_that_it_is_a_script_is_taken_for_one() {
        for (mode, scripted) in [("cors", true), ("same-origin", true), ("navigate", false)] {
            assert_eq!(is_scripted(&headers("sec-fetch-mode", mode)), scripted, "{mode}");
        }
        assert!(!is_scripted(&HeaderMap::new()));
    }

    #[test]
    fn a_foreign_referer_is_dropped() {
        for (referer, kept) in [
            ("http://127.0.0.1:3000/login", true),
            ("http://evil.example/login", false),
            ("http://127.0.0.1:3000@evil.example/", false),
            ("javascript:alert(1)", false),
        ] {
            let mut all = headers("host", "127.0.0.1:3000");
            all.extend(headers("referer", referer));
            drop_foreign_referer(&mut all);
            assert_eq!(all.contains_key(header::REFERER), kept, "{referer}");
        }
    }
}
