//! The server functions of challenges, the same for every purpose. The account is always the session's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{CodeScreen, Method, Purpose};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::code_page,
    crate::{
        caller::{Caller, Session, serve},
        validate::parse_id,
    },
};

/// What the code screen shows.
#[server(endpoint = "challenge/screen")]
pub async fn get_code_screen(audience: Audience, purpose: Purpose) -> Result<CodeScreen, AppError> {
    serve(async |caller, ports| ports.challenge.screen(session(&caller, audience, purpose)?, purpose).await).await
}

/// By what it can be proved.
#[server(endpoint = "challenge/methods")]
pub async fn get_methods(audience: Audience, purpose: Purpose) -> Result<Vec<Method>, AppError> {
    serve(async |caller, ports| ports.challenge.methods(session(&caller, audience, purpose)?, purpose).await).await
}

/// Proves it by another method.
#[server(endpoint = "challenge/choose")]
pub async fn choose_method(
    audience: Audience,
    purpose: Purpose,
    id: String,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = session(&caller, audience, purpose)?;
        // What is no id is nobody's entry, which is told only to those who may choose.
        ports.challenge.choose(session, purpose, parse_id(&id).unwrap_or_default()).await?;
        leptos_axum::redirect(&code_page(audience, purpose, &to, false));
        Ok(())
    })
    .await
}

/// Sends a new code, which replaces the old one.
#[server(endpoint = "challenge/send_new_code")]
pub async fn send_new_code(
    audience: Audience,
    purpose: Purpose,
    #[server(default)] to: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.challenge.send_new_code(session(&caller, audience, purpose)?, purpose).await?;
        leptos_axum::redirect(&code_page(audience, purpose, &to, true));
        Ok(())
    })
    .await
}

/// The session that may prove something for a purpose.
#[cfg(feature = "ssr")]
fn session(caller: &Caller, audience: Audience, purpose: Purpose) -> Result<&Session, AppError> {
    match purpose {
        Purpose::SignIn => caller.code_needed(audience).inspect_err(|_| {
            // Somebody who came back to a code that is proved goes home.
            if caller.session(audience).is_some() {
                leptos_axum::redirect(audience.home_path());
            }
        }),
        Purpose::Enroll | Purpose::StepUp => caller.may_enroll(audience),
    }
}
