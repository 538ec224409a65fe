//! The server functions of registration: public endpoints. While it is off, they answer that there is no such thing.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::RegistrationLink;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::REGISTER_PATH,
    crate::{caller::serve, login::types::Audience},
};

/// Whether customers may register.
#[server(endpoint = "registration/is_open")]
pub async fn is_open() -> Result<bool, AppError> {
    serve(async |_, ports| ports.registration.is_open().await).await
}

/// Sends a link to the address, or a message that it has an account already. The answer is the same.
#[server(endpoint = "registration/register")]
pub async fn register(name: String, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let asked = ports.registration.register(&caller.origin, &name, &email).await;
        asked.map_err(|e| e.with_typed(&[("name", &name), ("email", &email)]))?;
        leptos_axum::redirect(&format!("{REGISTER_PATH}?done=registration_asked"));
        Ok(())
    })
    .await
}

/// What a link allows.
#[server(endpoint = "registration/link")]
pub async fn get_link(token: String) -> Result<RegistrationLink, AppError> {
    serve(async |_, ports| ports.registration.link(&token).await).await
}

/// Creates the account; the link dies with it.
#[server(endpoint = "registration/finish")]
pub async fn finish(token: String, password: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.registration.finish(&caller.origin, &token, &password).await?;
        leptos_axum::redirect(&format!("{}?done=registered", Audience::Customer.login_path()));
        Ok(())
    })
    .await
}
