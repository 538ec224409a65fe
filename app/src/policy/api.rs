//! The server functions of policies, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Concerned, ServicesManager};
use crate::{error::AppError, login::types::Audience, services::types::Channel};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::{disallow_path, forbid_path, two_factor_auth_path},
    crate::caller::serve,
};

/// The policies and what they rest on.
#[server(endpoint = "policy/overview")]
pub async fn get_services_manager() -> Result<ServicesManager, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.policy.overview().await
    })
    .await
}

/// How many accounts would lose their second factor if it were not allowed any more.
#[server(endpoint = "policy/check_disallow")]
pub async fn check_disallow(audience: Audience) -> Result<u32, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.policy.check_disallow(audience).await
    })
    .await
}

/// Switches two-factor authentication for an audience. Asks for confirmation before it is switched off.
#[server(endpoint = "policy/set_allowed")]
pub async fn set_allowed(audience: Audience, allowed: bool, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        if !allowed && confirmed.is_none() {
            ports.policy.check_disallow(audience).await?;
            leptos_axum::redirect(&disallow_path(audience));
            return Ok(());
        }
        ports.policy.set_allowed(admin, audience, allowed).await?;
        let done = if allowed { "allowed" } else { "disallowed" };
        leptos_axum::redirect(&format!("{}?done={done}", two_factor_auth_path(audience)));
        Ok(())
    })
    .await
}

/// Whom it would concern if an audience could not use a channel any more.
#[server(endpoint = "policy/check_forbid")]
pub async fn check_forbid(audience: Audience, kind: Channel) -> Result<Concerned, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.policy.check_forbid(audience, kind).await
    })
    .await
}

/// Forbids a channel to an audience, or permits it again. Asks for confirmation first where people use it.
#[server(endpoint = "policy/set_forbidden")]
pub async fn set_forbidden(
    audience: Audience,
    kind: Channel,
    forbidden: bool,
    confirmed: Option<String>,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let policy = ports.policy;
        if forbidden && confirmed.is_none() && policy.check_forbid(audience, kind).await?.accounts > 0 {
            leptos_axum::redirect(&forbid_path(audience, kind));
            return Ok(());
        }
        policy.set_forbidden(admin, audience, kind, forbidden).await?;
        let done = if forbidden { "forbidden" } else { "permitted" };
        leptos_axum::redirect(&format!("{}?done={done}&kind={}", two_factor_auth_path(audience), kind.as_str()));
        Ok(())
    })
    .await
}
