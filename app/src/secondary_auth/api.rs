//! The server functions of secondary auths, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{DeletedSecondaryAuth, SecondaryAuth, SecondaryAuthForm};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::SECONDARY_AUTH_PATH,
    crate::{
        caller::serve,
        login::types::Audience,
        ports::Deleted,
        validate::{parse_id, parse_optional_id},
    },
};

/// All secondary auths.
#[server(endpoint = "secondary_auth/list")]
pub async fn list_secondary_auths() -> Result<Vec<SecondaryAuth>, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.secondary_auth.list().await
    })
    .await
}

/// A secondary auth for its form; an empty id stands for a new one.
#[server(endpoint = "secondary_auth/get")]
pub async fn get_secondary_auth(id: String) -> Result<SecondaryAuthForm, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.secondary_auth.form(parse_optional_id(&id)?).await
    })
    .await
}

/// Stores the form.
#[server(endpoint = "secondary_auth/save")]
pub async fn save_secondary_auth(
    id: String,
    service: String,
    title: String,
    fallback_1: Option<String>,
    fallback_2: Option<String>,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let [first, second] = [fallback_1, fallback_2].map(Option::unwrap_or_default);
        let typed = [("service", service.as_str()), ("title", &title), ("fallback_1", &first), ("fallback_2", &second)];
        ports
            .secondary_auth
            .save(admin, parse_optional_id(&id)?, &service, &title, &[&first, &second])
            .await
            .map_err(|e| e.with_typed(&typed))?;
        leptos_axum::redirect(&format!("{SECONDARY_AUTH_PATH}?done=saved"));
        Ok(())
    })
    .await
}

/// The secondary auths that were deleted in the last day.
#[server(endpoint = "secondary_auth/deleted")]
pub async fn list_deleted_secondary_auths() -> Result<Vec<DeletedSecondaryAuth>, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.secondary_auth.deleted().await
    })
    .await
}

/// Brings back one of them, with its entries.
#[server(endpoint = "secondary_auth/restore")]
pub async fn restore_secondary_auth(id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        ports.secondary_auth.restore(admin, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{SECONDARY_AUTH_PATH}?done=restored"));
        Ok(())
    })
    .await
}

/// Removes a secondary auth. Asks for confirmation first.
#[server(endpoint = "secondary_auth/delete")]
pub async fn delete_secondary_auth(id: String, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let uuid = parse_id(&id)?;
        match ports.secondary_auth.delete(admin, uuid, confirmed.is_some()).await? {
            Deleted::Done => leptos_axum::redirect(&format!("{SECONDARY_AUTH_PATH}?done=deleted")),
            Deleted::NeedsConfirmation => leptos_axum::redirect(&format!("{SECONDARY_AUTH_PATH}/{uuid}/delete")),
        }
        Ok(())
    })
    .await
}
