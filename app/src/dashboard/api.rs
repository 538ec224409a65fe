//! The server function of the dashboard, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Dashboard;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    caller::{Caller, answer},
    login::types::Audience,
    ports::ports,
};

/// Everything that the dashboard shows.
#[server(endpoint = "dashboard/overview")]
pub async fn get_dashboard() -> Result<Dashboard, AppError> {
    let run = async {
        let caller = Caller::current()?;
        let admin = caller.signed_in(Audience::Admin)?;
        ports()?.dashboard.overview(admin).await
    };
    answer(run.await)
}
