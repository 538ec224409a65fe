//! The server function of the audit log, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{AuditList, AuditQuery};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{caller::serve, login::types::Audience};

/// A page of the log.
#[server(endpoint = "audit/list")]
pub async fn list_events(query: AuditQuery) -> Result<AuditList, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.audit.list(&query).await
    })
    .await
}
