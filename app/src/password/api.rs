//! The server functions for a forgotten password: public endpoints. The link is the authority.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::ResetLink;
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {super::port::PasswordSet, crate::caller::serve};

/// Sends a link for a new password, if there is such an account. The answer is the same if not.
#[server(endpoint = "password/ask_reset")]
pub async fn ask_reset(audience: Audience, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let asked = ports.password.ask_reset(&caller.origin, audience, &email).await;
        asked.map_err(|e| e.with_typed(&[("email", &email)]))?;
        leptos_axum::redirect(&format!("{}?done=reset_asked", audience.forgot_path()));
        Ok(())
    })
    .await
}

/// What a link allows.
#[server(endpoint = "password/reset_link")]
pub async fn get_reset_link(token: String) -> Result<ResetLink, AppError> {
    serve(async |_, ports| ports.password.reset_link(&token).await).await
}

/// Sets the new password; the link dies with it.
#[server(endpoint = "password/set")]
pub async fn set_password(token: String, password: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let PasswordSet { audience, known } = ports.password.set_password(&caller.origin, &token, &password).await?;
        caller.browser.set_known(&known);
        // What this browser held of the account has ended, as everywhere.
        caller.browser.set_session(audience, None);
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=password_set", audience.login_path()));
        Ok(())
    })
    .await
}
