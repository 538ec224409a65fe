//! Which language a request asks for.

use app::{caller::Caller, language::types::Language};
use axum::http::{HeaderMap, header, request::Parts};
use leptos::prelude::{provide_context, use_context};

/// Seconds that a browser keeps the language that was chosen: a year.
pub const KEPT: i64 = 31_536_000;

/// The language that was chosen in a browser, or else the one that it asks for.
pub fn of(headers: &HeaderMap, chosen: Option<&str>) -> Language {
    chosen.and_then(|chosen| chosen.parse().ok()).unwrap_or_else(|| of_browser(headers))
}

/// The language that a browser asks for.
pub fn of_browser(headers: &HeaderMap) -> Language {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    asked.and_then(Language::of_header).unwrap_or_default()
}

/// Tells Leptos in which language the page is that it renders.
pub fn provide() {
    if let Some(parts) = use_context::<Parts>()
        && let Some(caller) = parts.extensions.get::<Caller>()
    {
        provide_context(caller.language(parts.uri.path()));
    }
}
