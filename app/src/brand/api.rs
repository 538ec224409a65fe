//! The server functions of the brand, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Act, Editor, Slot};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{routes::BRAND_PATH, types::Fields},
    crate::{caller::serve, login::types::Audience},
};

/// The brand with what the caller has typed.
#[server(endpoint = "brand/get")]
pub async fn get_brand() -> Result<Editor, AppError> {
    serve(async |caller, ports| {
        let editor = ports.brand.editor(caller.signed_in(Audience::Admin)?).await?;
        Ok(Editor { confirmed: caller.stepped_up(Audience::Admin).is_ok(), ..editor })
    })
    .await
}

/// Removes a picture.
#[server(endpoint = "brand/remove_picture")]
pub async fn remove_picture(slot: Slot) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        ports.brand.remove_picture(admin, slot).await?;
        leptos_axum::redirect(&format!("{BRAND_PATH}?done=saved"));
        Ok(())
    })
    .await
}

/// Does what the button says. What was typed is kept before anything else, so that neither a problem nor a confirmation
/// loses it.
#[server(endpoint = "brand/edit")]
pub async fn edit_brand(
    name: String,
    accent: String,
    help: String,
    legal: String,
    privacy: String,
    act: Act,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let fields = Fields { name, accent, help, legal, privacy };
        let done = match act {
            Act::Preview => {
                ports.brand.draft(admin, &fields).await?;
                format!("{BRAND_PATH}?preview=on#preview")
            }
            Act::Nearest => {
                ports.brand.draft_readable(admin, &fields).await?;
                BRAND_PATH.to_owned()
            }
            Act::Discard => {
                ports.brand.discard(admin).await?;
                BRAND_PATH.to_owned()
            }
            Act::Save => {
                ports.brand.draft(admin, &fields).await?;
                let admin = caller.stepped_up(Audience::Admin)?;
                ports.brand.save(admin, &fields).await?;
                format!("{BRAND_PATH}?done=saved")
            }
        };
        leptos_axum::redirect(&done);
        Ok(())
    })
    .await
}
