//! The server function of the dashboard, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Dashboard;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{caller::serve, login::types::Audience};

/// Everything that the dashboard shows.
#[server(endpoint = "dashboard/overview")]
pub async fn get_dashboard() -> Result<Dashboard, AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.dashboard.overview(admin).await
    })
    .await
}
