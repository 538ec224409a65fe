//! What an address carries back to a page after a form without JavaScript.
//!
//! Leptos writes the error of such a form, with what was typed, into the address of the page, where the server and the
//! page's own scripts read it. Anybody could write such an address. So the browser that is led back gets a cookie that
//! proves that we wrote it, and an address without its proof loses what it carries before a page is made of it
//! (checklist 75): no text that came by an address is shown as ours.

use super::router::Site;
use crate::platform::vault;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};
use url::{Url, form_urlencoded};

/// How Leptos names the function that failed, and its error.
const ERROR: [&str; 2] = ["__path", "__err"];
/// The answers of a form that bring back what was typed without an error.
const BRINGS_BACK: [(&str, &str); 2] = [("done", "test_sent"), ("done", "preset")];
/// Seconds that an address shows what it carries; whoever comes later sees the page without it.
const LIFETIME: i64 = 300;

type Pairs = Vec<(String, String)>;

/// Proves what is written into an address, and takes away what is not proved.
pub async fn check(State(site): State<Arc<Site>>, cookies: Cookies, request: Request, next: Next) -> Response {
    let shows = matches!(*request.method(), Method::GET | Method::HEAD);
    let pairs = pairs(request.uri().query());
    if shows && carries(&pairs) {
        let proof = cookies.get(&cookie_name(&site)).map(|cookie| cookie.value().to_owned());
        if !proof.is_some_and(|proof| is_proved(&site, request.uri().path(), &pairs, &proof)) {
            return Redirect::to(&without(request.uri(), pairs)).into_response();
        }
    }
    let from_function = *request.method() == Method::POST;
    let mut response = next.run(request).await;
    if from_function {
        prove(&site, &cookies, response.headers_mut());
    }
    response
}

/// Gives the browser the proof of where it is led.
fn prove(site: &Site, cookies: &Cookies, headers: &mut HeaderMap) {
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let Some(mut url) = location.and_then(|location| site.core.public_url.join(location).ok()) else { return };
    let all = pairs(url.query());
    if !carries(&all) {
        return;
    }
    // A page that failed before is led back to with both errors; the last one counts, as for Leptos.
    let last = last_error(&all);
    if last != all {
        set_query(&mut url, &last);
        if let Ok(value) = HeaderValue::from_str(url.as_str()) {
            headers.insert(header::LOCATION, value);
        }
    }
    let expires = (site.core.clock.now() + LIFETIME).to_string();
    let proof = format!("{expires}.{}", mac(site, &expires, url.path(), &last));
    let cookie = Cookie::build((cookie_name(site), proof))
        .path("/")
        .http_only(true)
        .secure(site.secure)
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(LIFETIME));
    cookies.add(cookie.build());
}

fn is_proved(site: &Site, path: &str, pairs: &Pairs, proof: &str) -> bool {
    let Some((expires, mac_of_it)) = proof.split_once('.') else { return false };
    let alive = expires.parse::<i64>().is_ok_and(|at| at > site.core.clock.now());
    alive && vault::same(mac_of_it, &mac(site, expires, path, pairs))
}

/// Over what the address says, however it is escaped: browsers escape by rules of their own.
fn mac(site: &Site, expires: &str, path: &str, pairs: &Pairs) -> String {
    let mut parts = vec!["redirect", expires, path];
    parts.extend(pairs.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
    site.core.vault.keyed_hash(&parts)
}

fn cookie_name(site: &Site) -> String {
    // The prefix makes browsers refuse the cookie unless it is Secure and of this host alone.
    format!("{}countersign_redirect", if site.secure { "__Host-" } else { "" })
}

fn pairs(query: Option<&str>) -> Pairs {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn is_error(name: &str) -> bool {
    ERROR.contains(&name)
}

fn brings_back_a_form(pairs: &Pairs) -> bool {
    pairs.iter().any(|(name, value)| BRINGS_BACK.contains(&(name.as_str(), value.as_str())))
}

fn carries(pairs: &Pairs) -> bool {
    pairs.iter().any(|(name, _)| is_error(name)) || brings_back_a_form(pairs)
}

/// Each name of an error once, with its last value, after everything else.
fn last_error(pairs: &Pairs) -> Pairs {
    let rest = pairs.iter().filter(|(name, _)| !is_error(name));
    let errors = ERROR.iter().filter_map(|name| pairs.iter().rfind(|(other, _)| other == name));
    rest.chain(errors).cloned().collect()
}

/// The same address without what it carries.
fn without(uri: &Uri, pairs: Pairs) -> String {
    let kept = if brings_back_a_form(&pairs) { Pairs::new() } else { pairs };
    let kept: Pairs = kept.into_iter().filter(|(name, _)| !is_error(name)).collect();
    // Two slashes at its beginning would lead to another site (ASVS 3.7.2).
    let path = format!("/{}", uri.path().trim_start_matches(['/', '\\']));
    if kept.is_empty() {
        return path;
    }
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish())
}

fn set_query(url: &mut Url, pairs: &Pairs) {
    url.query_pairs_mut().clear().extend_pairs(pairs);
}
