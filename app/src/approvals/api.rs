//! The server functions of approval requests, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::ApprovalRequest;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::APPROVALS_PATH,
    crate::{caller::serve, login::types::Audience, validate::parse_id},
};

/// The requests that wait.
#[server(endpoint = "approvals/list")]
pub async fn list_approvals() -> Result<Vec<ApprovalRequest>, AppError> {
    serve(async |caller, ports| ports.approvals.list(caller.signed_in(Audience::Admin)?).await).await
}

/// Makes the change of a request by somebody else.
#[server(endpoint = "approvals/approve")]
pub async fn approve(id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        ports.approvals.approve(admin, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{APPROVALS_PATH}?done=approved"));
        Ok(())
    })
    .await
}

/// Ends a request by somebody else.
#[server(endpoint = "approvals/decline")]
pub async fn decline(id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        ports.approvals.decline(admin, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{APPROVALS_PATH}?done=declined"));
        Ok(())
    })
    .await
}

/// Takes one's own request back.
#[server(endpoint = "approvals/withdraw")]
pub async fn withdraw(id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.approvals.withdraw(admin, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{APPROVALS_PATH}?done=withdrawn"));
        Ok(())
    })
    .await
}
