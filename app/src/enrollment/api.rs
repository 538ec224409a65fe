//! The server functions of one's own entries. The account is always the session's, never the request's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Proving, TwoFactor};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{routes::delete_path, types::Destination},
    crate::{caller::serve, error::Problem, ports::Deleted, validate::parse_id},
};

/// The entries and what can be added.
#[server(endpoint = "enrollment/overview")]
pub async fn overview(audience: Audience) -> Result<TwoFactor, AppError> {
    serve(async |caller, ports| ports.enrollment.overview(caller.may_enroll(audience)?).await).await
}

/// Begins a new entry: sends a code to its destination where its kind sends one.
#[server(endpoint = "enrollment/send_code")]
pub async fn send_code(
    audience: Audience,
    method: String,
    #[server(default)] email: String,
    #[server(default)] country: String,
    #[server(default)] phone: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll_now(audience);
        let id = method.parse().map_err(|_| AppError::field("method", Problem::NotAChoice));
        let typed = [
            ("method", method.clone()),
            ("email", email.clone()),
            ("country", country.clone()),
            ("phone", phone.clone()),
        ];
        let destination = Destination { email, country, phone };
        let begun = match (session, id) {
            (Ok(session), Ok(id)) => ports.enrollment.begin(session, id, &destination).await,
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        begun.map_err(|e| e.with_typed(&typed.each_ref().map(|(name, value)| (*name, value.as_str()))))?;
        leptos_axum::redirect(audience.verify_path());
        Ok(())
    })
    .await
}

/// What the page shows of an entry that waits for its proof.
#[server(endpoint = "enrollment/proving")]
pub async fn get_proving(audience: Audience) -> Result<Proving, AppError> {
    serve(async |caller, ports| ports.enrollment.proving(caller.may_enroll(audience)?).await).await
}

/// Proves the destination and adds the entry.
#[server(endpoint = "enrollment/verify")]
pub async fn verify(audience: Audience, code: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.enrollment.verify(caller.may_enroll_now(audience)?, &code).await?;
        // Every trusted device ended with the change, this one included.
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=added", audience.two_factor_path()));
        Ok(())
    })
    .await
}

/// Adds a new passkey by its answer.
#[server(endpoint = "enrollment/register_passkey")]
pub async fn register_passkey(audience: Audience, name: String, code: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll_now(audience)?;
        let added = ports.enrollment.register_passkey(session, &name, &code).await;
        added.map_err(|e| e.with_typed(&[("name", &name)]))?;
        // Every trusted device ended with the change, this one included.
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=added", audience.two_factor_path()));
        Ok(())
    })
    .await
}

/// Lets sign-ins begin with this entry.
#[server(endpoint = "enrollment/prefer")]
pub async fn prefer_entry(audience: Audience, id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll_now(audience)?;
        ports.enrollment.prefer(session, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{}?done=preferred", audience.two_factor_path()));
        Ok(())
    })
    .await
}

/// Removes an entry. Asks for confirmation before the last one that works goes.
#[server(endpoint = "enrollment/delete")]
pub async fn delete_entry(audience: Audience, id: String, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll_now(audience)?;
        let id = parse_id(&id)?;
        match ports.enrollment.delete(session, id, confirmed.is_some()).await? {
            Deleted::Done => {
                caller.browser.set_trust(audience, None);
                leptos_axum::redirect(&format!("{}?done=deleted", audience.two_factor_path()));
            }
            Deleted::NeedsConfirmation => leptos_axum::redirect(&delete_path(audience, id)),
        }
        Ok(())
    })
    .await
}
