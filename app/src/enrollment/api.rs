//! The server functions of one's own entries. The account is always the session's, never the request's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::TwoFactor;
use crate::{challenge::types::CodeScreen, error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    caller::{Caller, answer},
    error::Problem,
    ports::ports,
};

/// The entries and what can be added.
#[server(endpoint = "enrollment/overview")]
pub async fn overview(audience: Audience) -> Result<TwoFactor, AppError> {
    let run = async {
        let caller = Caller::current()?;
        ports()?.enrollment.overview(caller.may_enroll(audience)?).await
    };
    answer(run.await)
}

/// Sends a code to a new destination.
#[server(endpoint = "enrollment/send_code")]
pub async fn send_code(audience: Audience, method: String, email: String) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        let session = caller.may_enroll_now(audience);
        let id = method.parse().map_err(|_| AppError::field("method", Problem::NotAChoice));
        let sent = match (session, id) {
            (Ok(session), Ok(id)) => ports()?.enrollment.send_code(&caller.origin, session, id, &email).await,
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        sent.map_err(|e| for_audience(e, audience).with_typed(&[("method", &method), ("email", &email)]))?;
        leptos_axum::redirect(audience.verify_path());
        Ok(())
    };
    answer(run.await)
}

/// What the code screen shows of an entry that waits for its proof.
#[server(endpoint = "enrollment/code_screen")]
pub async fn get_code_screen(audience: Audience) -> Result<CodeScreen, AppError> {
    let run = async {
        let caller = Caller::current()?;
        ports()?.enrollment.code_screen(caller.may_enroll(audience)?).await
    };
    answer(run.await)
}

/// Sends a new code to the same destination.
#[server(endpoint = "enrollment/send_new_code")]
pub async fn send_new_code(audience: Audience) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        let sent = ports()?.enrollment.send_new_code(&caller.origin, caller.may_enroll(audience)?).await;
        sent.map_err(|e| for_audience(e, audience))?;
        leptos_axum::redirect(&format!("{}?sent=1", audience.verify_path()));
        Ok(())
    };
    answer(run.await)
}

/// Proves the destination and adds the entry.
#[server(endpoint = "enrollment/verify")]
pub async fn verify(audience: Audience, code: String) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        ports()?.enrollment.verify(&caller.origin, caller.may_enroll_now(audience)?, &code).await?;
        // Every trusted device ended with the change, this one included.
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=added", audience.two_factor_path()));
        Ok(())
    };
    answer(run.await)
}

/// Lets sign-ins begin with this entry.
#[server(endpoint = "enrollment/prefer")]
pub async fn prefer_entry(audience: Audience, id: String) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        let session = caller.may_enroll_now(audience)?;
        ports()?.enrollment.prefer(session, id.parse().map_err(|_| AppError::NotFound)?).await?;
        leptos_axum::redirect(&format!("{}?done=preferred", audience.two_factor_path()));
        Ok(())
    };
    answer(run.await)
}

/// Removes an entry.
#[server(endpoint = "enrollment/delete")]
pub async fn delete_entry(audience: Audience, id: String) -> Result<(), AppError> {
    let run = async {
        let caller = Caller::current()?;
        let session = caller.may_enroll_now(audience)?;
        ports()?.enrollment.delete(session, id.parse().map_err(|_| AppError::NotFound)?).await?;
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=deleted", audience.two_factor_path()));
        Ok(())
    };
    answer(run.await)
}

/// Administrators read the mail server's own answer, customers do not.
#[cfg(feature = "ssr")]
fn for_audience(error: AppError, audience: Audience) -> AppError {
    if audience == Audience::Admin { error } else { error.without_server_answer() }
}
