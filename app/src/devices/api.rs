//! The server functions of the caller's own trusted devices. Revoking needs no step-up: it only makes things safer.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::Device;
use crate::{error::AppError, login::types::Audience};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use crate::{caller::serve, validate::parse_id};

/// The trusted devices.
#[server(endpoint = "devices/list")]
pub async fn list_devices(audience: Audience) -> Result<Vec<Device>, AppError> {
    serve(async |caller, ports| {
        ports.devices.list(caller.signed_in(audience)?, caller.browser.trust(audience).as_deref()).await
    })
    .await
}

/// Ends the trust in one device.
#[server(endpoint = "devices/revoke")]
pub async fn revoke_device(audience: Audience, id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let session = caller.signed_in(audience)?;
        ports.devices.revoke(session, parse_id(&id)?).await?;
        leptos_axum::redirect(&format!("{}?done=device_revoked", audience.security_path()));
        Ok(())
    })
    .await
}

/// Ends the trust in all devices, this one included.
#[server(endpoint = "devices/revoke_all")]
pub async fn revoke_all_devices(audience: Audience) -> Result<(), AppError> {
    serve(async |caller, ports| {
        ports.devices.revoke_all(caller.signed_in(audience)?).await?;
        caller.browser.set_trust(audience, None);
        leptos_axum::redirect(&format!("{}?done=devices_revoked", audience.security_path()));
        Ok(())
    })
    .await
}
