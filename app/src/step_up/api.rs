//! The server functions of a step-up. The account is always the session's, never the request's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::{way_back, with_way_back},
    crate::{caller::serve, challenge::port::Answer},
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

/// Checks the verification code and finishes the step-up.
#[server(endpoint = "step_up/verify")]
pub async fn verify(audience: Audience, code: String, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = ports.step_up.verify(caller.may_enroll(audience)?, Answer::Code(&code)).await?;
        caller.browser.set_session(audience, Some(&session));
        leptos_axum::redirect(&way_back(audience, &to));
        Ok(())
    })
    .await
}
