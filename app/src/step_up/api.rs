//! The server functions of a step-up. The account is always the session's, never the request's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use crate::{
    challenge::types::{CodeScreen, Method},
    error::AppError,
    login::types::Audience,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::{way_back, with_way_back},
    crate::{caller::serve, validate::parse_id},
};

/// Checks the password again. Leads back, or to the code screen.
#[server(endpoint = "step_up/confirm")]
pub async fn confirm(audience: Audience, password: String, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let done = ports.step_up.confirm(caller.may_enroll(audience)?, &password).await?;
        caller.browser.set_session(audience, Some(&done.session));
        if done.code_needed {
            leptos_axum::redirect(&with_way_back(audience.confirm_code_path(), audience, &to));
        } else {
            leptos_axum::redirect(&way_back(audience, &to));
        }
        Ok(())
    })
    .await
}

/// What the code screen shows once the password is proved.
#[server(endpoint = "step_up/code_screen")]
pub async fn get_code_screen(audience: Audience) -> Result<CodeScreen, AppError> {
    serve(async |caller, ports| ports.step_up.code_screen(caller.may_enroll(audience)?).await).await
}

/// How the step-up can be proved.
#[server(endpoint = "step_up/methods")]
pub async fn get_methods(audience: Audience) -> Result<Vec<Method>, AppError> {
    serve(async |caller, ports| ports.step_up.methods(caller.may_enroll(audience)?).await).await
}

/// Proves it by another method.
#[server(endpoint = "step_up/choose_method")]
pub async fn choose_method(audience: Audience, id: String, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.may_enroll(audience)?;
        ports.step_up.choose(session, parse_id(&id)?).await.map_err(AppError::without_server_answer)?;
        leptos_axum::redirect(&with_way_back(audience.confirm_code_path(), audience, &to));
        Ok(())
    })
    .await
}

/// Sends a new code, which replaces the old one.
#[server(endpoint = "step_up/send_new_code")]
pub async fn send_new_code(audience: Audience, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let sent = ports.step_up.send_new_code(caller.may_enroll(audience)?).await;
        sent.map_err(AppError::without_server_answer)?;
        leptos_axum::redirect(&format!("{}&sent=1", with_way_back(audience.confirm_code_path(), audience, &to)));
        Ok(())
    })
    .await
}

/// Checks the verification code and finishes the step-up.
#[server(endpoint = "step_up/verify")]
pub async fn verify(audience: Audience, code: String, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = ports.step_up.verify(caller.may_enroll(audience)?, &code).await?;
        caller.browser.set_session(audience, Some(&session));
        leptos_axum::redirect(&way_back(audience, &to));
        Ok(())
    })
    .await
}
