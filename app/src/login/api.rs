//! The server functions of signing in: public endpoints, so each authorises first.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Audience;
use crate::{
    challenge::types::{CodeScreen, Method},
    error::AppError,
};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::port::LoggedIn,
    crate::{caller::serve, validate::parse_id},
};

/// Checks email and password. Leads to the account, or to the code screen.
#[server(endpoint = "login/log_in")]
pub async fn log_in(audience: Audience, email: String, password: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let trust = caller.browser.trust(audience);
        let done = ports
            .login
            .log_in(&caller.origin, audience, &email, &password, trust, caller.session(audience))
            .await
            .map_err(|e| e.with_typed(&[("email", &email)]))?;
        caller.browser.set_session(audience, Some(&done.session));
        if let Some(trust) = &done.trust {
            caller.browser.set_trust(audience, Some(trust));
        }
        leptos_axum::redirect(match &done {
            LoggedIn { code_needed: true, choice_needed: true, .. } => audience.methods_path(),
            LoggedIn { code_needed: true, .. } => audience.code_path(),
            LoggedIn { enrollment_needed: true, .. } => audience.two_factor_path(),
            _ => audience.home_path(),
        });
        Ok(())
    })
    .await
}

/// What the code screen shows of a sign-in that waits for its code.
#[server(endpoint = "login/code_screen")]
pub async fn get_code_screen(audience: Audience) -> Result<CodeScreen, AppError> {
    serve(async |caller, ports| ports.login.code_screen(caller.code_needed(audience)?).await).await
}

/// How the sign-in that waits for its code can be proved.
#[server(endpoint = "login/methods")]
pub async fn get_methods(audience: Audience) -> Result<Vec<Method>, AppError> {
    serve(async |caller, ports| ports.login.methods(caller.code_needed(audience)?).await).await
}

/// Sends a code by another method.
#[server(endpoint = "login/choose_method")]
pub async fn choose_method(audience: Audience, id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.code_needed(audience)?;
        let entry = parse_id(&id)?;
        ports.login.choose(&caller.origin, session, entry).await.map_err(AppError::without_server_answer)?;
        leptos_axum::redirect(audience.code_path());
        Ok(())
    })
    .await
}

/// Sends a new code, which replaces the old one.
#[server(endpoint = "login/send_new_code")]
pub async fn send_new_code(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let sent = ports.login.send_new_code(&caller.origin, caller.code_needed(audience)?).await;
        sent.map_err(AppError::without_server_answer)?;
        leptos_axum::redirect(&format!("{}?sent=1", audience.code_path()));
        Ok(())
    })
    .await
}

/// Checks the verification code and finishes the sign-in.
#[server(endpoint = "login/verify")]
pub async fn verify(audience: Audience, code: String, trust: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.code_needed(audience)?;
        let done = ports.login.verify(&caller.origin, session, &code, trust.is_some()).await?;
        caller.browser.set_session(audience, Some(&done.session));
        if let Some(trust) = &done.trust {
            caller.browser.set_trust(audience, Some(trust));
        }
        leptos_axum::redirect(audience.home_path());
        Ok(())
    })
    .await
}

/// Ends the session. Also leaves a sign-in that waits for its code.
#[server(endpoint = "login/log_out")]
pub async fn log_out(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        if let Some(session) = caller.session(audience) {
            ports.login.log_out(session).await?;
        }
        caller.browser.set_session(audience, None);
        leptos_axum::redirect(audience.login_path());
        Ok(())
    })
    .await
}
