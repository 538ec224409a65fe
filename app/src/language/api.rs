//! The server function behind the switch: a public endpoint.
#![allow(missing_docs, reason = "the macro makes a struct of the function's parameters")]

use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::types::Language,
    crate::{caller::serve, error::Problem},
};

/// Keeps the language that was chosen: in this browser and, of somebody who is signed in there, with the account.
#[server(endpoint = "language/choose")]
pub async fn choose_language(language: String, #[server(default)] audience: Option<Audience>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let language: Language = language.parse().map_err(|()| AppError::field("language", Problem::NotAChoice))?;
        if let Some(session) = audience.and_then(|audience| caller.may_enroll(audience).ok()) {
            ports.account.set_language(session, language).await?;
        }
        caller.browser.set_language(language);
        let came_from = use_context::<http::request::Parts>()
            .is_some_and(|parts| parts.headers.contains_key(http::header::REFERER));
        if !came_from {
            // Browsers that say it are led back to the page.
            leptos_axum::redirect(audience.unwrap_or(Audience::Customer).home_path());
        }
        Ok(())
    })
    .await
}
