//! The server functions of signing in: public endpoints, so each authorises first.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Audience;
use crate::{error::AppError, passkey::types};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::port::{LoggedIn, PasskeyAnswer, Verified},
    crate::{
        caller::{Caller, serve},
        challenge::port::Answer,
    },
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
        if let Some(known) = &done.known {
            caller.browser.set_known(known);
        }
        leptos_axum::redirect(&match &done {
            LoggedIn { code_needed: true, choice_needed: true, .. } => audience.methods_path().to_owned(),
            LoggedIn { code_needed: true, .. } => audience.code_path().to_owned(),
            LoggedIn { enrollment_needed: true, .. } => audience.two_factor_path().to_owned(),
            _ => caller.lead_back(audience),
        });
        Ok(())
    })
    .await
}

/// Checks email, password and a code of the authenticator app together, which works while strangers try passwords.
#[server(endpoint = "login/log_in_with_code")]
pub async fn log_in_with_code(
    audience: Audience,
    email: String,
    password: String,
    code: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let old = caller.session(audience);
        let done = ports.login.log_in_with_code(&caller.origin, audience, &email, &password, &code, old).await;
        let done = done.map_err(|e| e.with_typed(&[("email", &email)]))?;
        let_in(&caller, audience, &done);
        Ok(())
    })
    .await
}

/// Asks for a passkey of the account of an address. Tells nobody whether there is one: every address is asked for some.
#[server(endpoint = "login/passkey_question")]
pub async fn passkey_question(audience: Audience, email: String) -> Result<types::PasskeyQuestion, AppError> {
    serve(async |caller, ports| ports.login.passkey_question(&caller.origin, audience, &email).await).await
}

/// Checks email, password and the answer of a passkey together, which works while strangers try passwords.
#[server(endpoint = "login/log_in_with_passkey")]
pub async fn log_in_with_passkey(
    audience: Audience,
    email: String,
    password: String,
    answer: String,
    question: String,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let given = PasskeyAnswer { answer: &answer, question: &question };
        let (both, old) = ((email.as_str(), password.as_str()), caller.session(audience));
        let done = ports.login.log_in_with_passkey(&caller.origin, audience, both, given, old).await;
        let done = done.map_err(|e| e.with_typed(&[("email", &email)]))?;
        let_in(&caller, audience, &done);
        Ok(())
    })
    .await
}

/// Checks the verification code and finishes the sign-in.
#[server(endpoint = "login/verify")]
pub async fn verify(audience: Audience, code: String, trust: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.code_needed(audience)?;
        let done = ports.login.verify(session, Answer::Code(&code), trust.is_some()).await?;
        let_in(&caller, audience, &done);
        Ok(())
    })
    .await
}

/// Lets a browser in whose sign-in is finished, and leads it on.
#[cfg(feature = "ssr")]
pub fn let_in(caller: &Caller, audience: Audience, done: &Verified) {
    caller.browser.set_session(audience, Some(&done.session));
    if let Some(trust) = &done.trust {
        caller.browser.set_trust(audience, Some(trust));
    }
    caller.browser.set_known(&done.known);
    leptos_axum::redirect(&caller.lead_back(audience));
}

/// Ends the session. Also leaves a sign-in that waits for its code.
#[server(endpoint = "login/log_out")]
pub async fn log_out(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        if let Some(session) = caller.session(audience) {
            ports.login.log_out(session).await?;
        }
        caller.browser.set_session(audience, None);
        if caller.browser.way_back(audience).is_some() {
            caller.browser.set_way_back(audience, None);
        }
        leptos_axum::redirect(audience.login_path());
        Ok(())
    })
    .await
}
