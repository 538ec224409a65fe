//! The server functions for those who say that it was someone else: public endpoints. The link is the authority.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Disputed;
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{port::Stopped, types::Then},
    crate::caller::serve,
};

/// What a link is about; looking changes nothing.
#[server(endpoint = "not_me/link")]
pub async fn get_disputed(token: String) -> Result<Disputed, AppError> {
    serve(async |caller, ports| ports.not_me.link(&caller.origin, &token).await).await
}

/// Stops whoever it was; the link dies with it.
#[server(endpoint = "not_me/stop")]
pub async fn stop_them(token: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let Stopped { audience, then } = ports.not_me.stop(&caller.origin, &token).await?;
        // What this browser held of the account has ended, as everywhere.
        if caller.session(audience).is_some() {
            caller.browser.set_session(audience, None);
            caller.browser.set_trust(audience, None);
        }
        let done = match then {
            Then::Link => "not_me",
            Then::Hold => "not_me_held",
            Then::Alone => "not_me_alone",
        };
        leptos_axum::redirect(&format!("{}?done={done}", audience.login_path()));
        Ok(())
    })
    .await
}
