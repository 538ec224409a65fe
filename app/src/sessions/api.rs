//! The server functions of the caller's own sessions. Ending them needs no step-up: it only makes things safer.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::SessionRow;
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{caller::serve, validate::parse_id};

/// The sessions.
#[server(endpoint = "sessions/list")]
pub async fn list_sessions(audience: Audience) -> Result<Vec<SessionRow>, AppError> {
    serve(async |caller, ports| ports.sessions.list(caller.signed_in(audience)?).await).await
}

/// Ends one session.
#[server(endpoint = "sessions/end")]
pub async fn end_session(audience: Audience, id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.signed_in(audience)?;
        ports.sessions.end(session, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{}?done=session_ended", audience.security_path()));
        Ok(())
    })
    .await
}

/// Ends all sessions but this one.
#[server(endpoint = "sessions/end_others")]
pub async fn end_other_sessions(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.sessions.end_others(caller.signed_in(audience)?).await?;
        leptos_axum::redirect(&format!("{}?done=sessions_ended", audience.security_path()));
        Ok(())
    })
    .await
}
