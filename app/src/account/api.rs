//! The server functions of the caller's own account.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Advice, Me, NewEmail, Security};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::caller::serve;

/// Who is signed in, also where a required second factor has to be set up first.
#[server(endpoint = "account/me")]
pub async fn get_me(audience: Audience) -> Result<Me, AppError> {
    serve(async |caller, ports| ports.account.me(caller.may_enroll(audience)?).await).await
}

/// What would make the caller's own account safer.
#[server(endpoint = "account/advice")]
pub async fn get_advice(audience: Audience) -> Result<Advice, AppError> {
    serve(async |caller, ports| ports.account.advice(caller.signed_in(audience)?).await).await
}

/// Does not suggest a stronger second factor any more.
#[server(endpoint = "account/dismiss_suggestion")]
pub async fn dismiss_suggestion(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.account.dismiss_suggestion(caller.signed_in(audience)?).await?;
        leptos_axum::redirect(audience.home_path());
        Ok(())
    })
    .await
}

/// What protects the caller's own account, and what happened with it.
#[server(endpoint = "account/security")]
pub async fn get_security(audience: Audience) -> Result<Security, AppError> {
    serve(async |caller, ports| ports.account.security(caller.signed_in(audience)?).await).await
}

/// Changes the caller's own name.
#[server(endpoint = "account/change_name")]
pub async fn change_name(audience: Audience, name: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let changed = ports.account.change_name(caller.signed_in(audience)?, &name).await;
        changed.map_err(|e| e.with_typed(&[("name", &name)]))?;
        leptos_axum::redirect(&format!("{}?done=saved", audience.details_path()));
        Ok(())
    })
    .await
}

/// Changes the caller's own password.
#[server(endpoint = "account/change_password")]
pub async fn change_password(
    audience: Audience,
    current_password: String,
    new_password: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.stepped_up(audience)?;
        let token = ports.account.change_password(session, &current_password, &new_password).await?;
        caller.browser.set_session(audience, Some(&token));
        // Every trusted device ended with the change, this one included.
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=password_changed", audience.security_path()));
        Ok(())
    })
    .await
}

/// Sends a link to a new address.
#[server(endpoint = "account/ask_for_email")]
pub async fn ask_for_email(audience: Audience, new_email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let asked = match caller.stepped_up(audience) {
            Ok(session) => ports.account.ask_for_email(session, &new_email).await,
            Err(error) => Err(error),
        };
        asked.map_err(|e| e.with_typed(&[("new_email", &new_email)]))?;
        leptos_axum::redirect(&format!("{}?done=email_link_sent", audience.email_path()));
        Ok(())
    })
    .await
}

/// What the link for a new address is about; the link is the authority.
#[server(endpoint = "account/email_link")]
pub async fn get_email_link(token: String) -> Result<NewEmail, AppError> {
    serve(async |_, ports| ports.account.email_link(&token).await).await
}

/// Changes the address; the link is the authority and dies with it.
#[server(endpoint = "account/confirm_email")]
pub async fn confirm_email(token: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let audience = ports.account.confirm_email(&caller.origin, &token).await?;
        let signed_in = caller.signed_in(audience).is_ok();
        let path = if signed_in { audience.details_path() } else { audience.login_path() };
        leptos_axum::redirect(&format!("{path}?done=email_changed"));
        Ok(())
    })
    .await
}

/// Whether a set-up link can still be used; the link is the authority.
#[server(endpoint = "account/check_set_up_link")]
pub async fn check_set_up_link(token: String) -> Result<(), AppError> {
    serve(async |_, ports| ports.account.check_set_up_link(&token).await).await
}

/// Creates the first administrator; the link is the authority and dies with it.
#[server(endpoint = "account/set_up")]
pub async fn set_up(token: String, name: String, email: String, password: String) -> Result<(), AppError> {
    serve(async |_, ports| {
        ports
            .account
            .set_up(&token, &name, &email, &password)
            .await
            .map_err(|e| e.with_typed(&[("name", &name), ("email", &email)]))?;
        leptos_axum::redirect(&format!("{}?done=set_up", Audience::Admin.login_path()));
        Ok(())
    })
    .await
}
