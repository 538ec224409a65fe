//! The server functions of one's own account.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Me;
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    caller::{Caller, answer},
    ports::ports,
};

/// Who is signed in, also where a required second factor has to be set up first.
#[server(endpoint = "account/me")]
pub async fn get_me(audience: Audience) -> Result<Me, AppError> {
    let run = async {
        let caller = Caller::current()?;
        ports()?.account.me(caller.may_enroll(audience)?).await
    };
    answer(run.await)
}

/// Whether a set-up link can still be used; the link is the authority.
#[server(endpoint = "account/check_set_up_link")]
pub async fn check_set_up_link(token: String) -> Result<(), AppError> {
    let run = async { ports()?.account.check_set_up_link(&token).await };
    answer(run.await)
}

/// Creates the first administrator; the link is the authority and dies with it.
#[server(endpoint = "account/set_up")]
pub async fn set_up(token: String, name: String, email: String, password: String) -> Result<(), AppError> {
    let run = async {
        ports()?
            .account
            .set_up(&token, &name, &email, &password)
            .await
            .map_err(|e| e.with_typed(&[("name", &name), ("email", &email)]))?;
        leptos_axum::redirect(&format!("{}?done=set_up", Audience::Admin.login_path()));
        Ok(())
    };
    answer(run.await)
}
