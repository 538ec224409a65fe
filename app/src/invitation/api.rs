//! The server functions of invitations.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Invited, Pending, Ready};
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{
    caller::serve,
    users::{
        api::stepped_up_admin,
        routes::{invite_path, list_path},
    },
};

/// What the form rests on. Leads to the step-up first, so that nothing is typed in vain.
#[server(endpoint = "invitation/ready")]
pub async fn get_ready(audience: Audience) -> Result<Ready, AppError> {
    serve(async |caller, ports| {
        stepped_up_admin(&caller, &invite_path(audience))?;
        ports.invitation.ready().await
    })
    .await
}

/// The invitations of an audience that no one has accepted yet.
#[server(endpoint = "invitation/pending")]
pub async fn list_pending(audience: Audience) -> Result<Pending, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.invitation.pending(audience).await
    })
    .await
}

/// Sends an invitation.
#[server(endpoint = "invitation/invite")]
pub async fn invite(audience: Audience, name: String, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let escape = leptos_router::location::Url::escape;
        let form = format!("{}?name={}&email={}", invite_path(audience), escape(&name), escape(&email));
        let admin = stepped_up_admin(&caller, &form)?;
        ports
            .invitation
            .invite(admin, audience, &name, &email)
            .await
            .map_err(|e| e.with_typed(&[("name", &name), ("email", &email)]))?;
        leptos_axum::redirect(&format!("{}?done=invited", list_path(audience)));
        Ok(())
    })
    .await
}

/// Sends a pending invitation again.
#[server(endpoint = "invitation/send_again")]
pub async fn send_again(audience: Audience, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = stepped_up_admin(&caller, list_path(audience))?;
        ports.invitation.send_again(admin, audience, &email).await?;
        leptos_axum::redirect(&format!("{}?done=invited", list_path(audience)));
        Ok(())
    })
    .await
}

/// Takes a pending invitation back.
#[server(endpoint = "invitation/take_back")]
pub async fn take_back(audience: Audience, email: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.invitation.take_back(admin, audience, &email).await?;
        leptos_axum::redirect(&format!("{}?done=taken_back", list_path(audience)));
        Ok(())
    })
    .await
}

/// Who is invited by a link; the link is the authority.
#[server(endpoint = "invitation/check")]
pub async fn check_invitation(token: String) -> Result<Invited, AppError> {
    serve(async |_, ports| ports.invitation.invited(&token).await).await
}

/// Creates the invited account; the link is the authority and dies with it.
#[server(endpoint = "invitation/accept")]
pub async fn accept_invitation(token: String, password: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let audience = ports.invitation.accept(&caller.origin, &token, &password).await?;
        leptos_axum::redirect(&format!("{}?done=invitation_accepted", audience.login_path()));
        Ok(())
    })
    .await
}
