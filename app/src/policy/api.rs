//! The server functions of policies, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::ServicesManager;
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    caller::{Caller, answer},
    ports::ports,
};

/// The page of the Services Manager.
pub const SERVICES_MANAGER_PATH: &str = "/admin/settings/setup/services-manager";

/// The policies and what they rest on.
#[server(endpoint = "policy/overview")]
pub async fn get_services_manager() -> Result<ServicesManager, AppError> {
    let run = async {
        Caller::current()?.signed_in(Audience::Admin)?;
        ports()?.policy.overview().await
    };
    answer(run.await)
}

/// Switches two-factor authentication for an audience.
#[server(endpoint = "policy/set_allowed")]
pub async fn set_allowed(audience: Audience, allowed: bool) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        let admin = caller.signed_in(Audience::Admin)?;
        ports()?.policy.set_allowed(admin, audience, allowed).await?;
        if crate::caller::is_plain_form() {
            leptos_axum::redirect(SERVICES_MANAGER_PATH);
        }
        Ok(())
    };
    answer(run.await)
}
