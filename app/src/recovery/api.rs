//! The server functions of recovery codes. The account is always the session's, never the request's.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Helpdesk, Recovery};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::helpdesk_path,
    crate::{
        caller::serve, challenge::port::Answer, login::api::let_in, step_up::routes::way_back,
        users::api::stepped_up_admin, validate::parse_id,
    },
};

/// How many codes are left, and the new ones right after they were made.
#[server(endpoint = "recovery/overview")]
pub async fn get_recovery(audience: Audience) -> Result<Recovery, AppError> {
    serve(async |caller, ports| {
        let session = caller.signed_in(audience)?;
        let once = caller.browser.shown_once(audience);
        if once.is_some() {
            caller.browser.set_shown_once(audience, None);
        }
        ports.recovery.overview(session, once.as_deref()).await
    })
    .await
}

/// Makes new codes, and leads to the page that shows them once.
#[server(endpoint = "recovery/make")]
pub async fn make_recovery_codes(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let once = ports.recovery.make(caller.stepped_up(audience)?).await?;
        caller.browser.set_shown_once(audience, Some(&once));
        leptos_axum::redirect(audience.recovery_codes_path());
        Ok(())
    })
    .await
}

/// Finishes a sign-in by a recovery code.
#[server(endpoint = "recovery/sign_in")]
pub async fn sign_in_by_recovery(audience: Audience, recovery_code: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let (session, answer) = (caller.code_needed(audience)?, Answer::RecoveryCode(&recovery_code));
        let done = ports.login.verify(session, answer, false).await?;
        let_in(&caller, audience, &done);
        Ok(())
    })
    .await
}

/// Finishes a step-up by a recovery code.
#[server(endpoint = "recovery/step_up")]
pub async fn step_up_by_recovery(audience: Audience, recovery_code: String, to: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let (session, answer) = (caller.may_enroll(audience)?, Answer::RecoveryCode(&recovery_code));
        let token = ports.step_up.verify(session, answer).await?;
        caller.browser.set_session(audience, Some(&token));
        leptos_axum::redirect(&way_back(audience, &to));
        Ok(())
    })
    .await
}

/// For whom a helpdesk code would be issued, and the code right after it was. Leads to the step-up first.
#[server(endpoint = "recovery/helpdesk")]
pub async fn get_helpdesk(audience: Audience, id: String) -> Result<Helpdesk, AppError> {
    serve(async |caller, ports| {
        let admin = stepped_up_admin(&caller, &helpdesk_path(audience, &id))?;
        let account = parse_id(&id)?;
        let once = caller.browser.shown_once(Audience::Admin);
        if once.is_some() {
            caller.browser.set_shown_once(Audience::Admin, None);
        }
        ports.recovery.helpdesk(admin, audience, account, once.as_deref()).await
    })
    .await
}

/// Issues a helpdesk code for somebody else, and leads to the page that shows it once.
#[server(endpoint = "recovery/issue")]
pub async fn issue_helpdesk_code(audience: Audience, id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let page = helpdesk_path(audience, &id);
        let admin = stepped_up_admin(&caller, &page)?;
        let account = parse_id(&id)?;
        let once = ports.recovery.issue(admin, audience, account).await?;
        caller.browser.set_shown_once(Audience::Admin, Some(&once));
        leptos_axum::redirect(&page);
        Ok(())
    })
    .await
}
