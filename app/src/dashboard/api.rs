//! The server functions of the dashboard, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Dashboard, Guide};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::caller::{Stage, serve};

/// Everything that the dashboard shows.
#[server(endpoint = "dashboard/overview")]
pub async fn get_dashboard() -> Result<Dashboard, AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.dashboard.overview(admin).await
    })
    .await
}

/// What comes next in the set-up, for the frame of its pages. Customers have none, and neither has an administrator who
/// reaches nothing but setting up a second factor.
#[server(endpoint = "dashboard/guide")]
pub async fn get_guide(audience: Audience) -> Result<Option<Guide>, AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll(audience)?;
        if session.audience != Audience::Admin || session.stage != Stage::SignedIn {
            return Ok(None);
        }
        ports.dashboard.guide(session).await
    })
    .await
}
