//! The server functions of the messages, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Act, Editor, Row};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{
        routes::message_path,
        types::{Message, Parts},
    },
    crate::{caller::serve, language::types::Language, login::types::Audience},
};

#[cfg(feature = "ssr")]
fn language_of(language: &str) -> Result<Language, AppError> {
    language.parse().map_err(|()| AppError::NotFound)
}

#[cfg(feature = "ssr")]
fn named(language: &str, message: &str) -> Result<(Language, Message), AppError> {
    Ok((language_of(language)?, message.parse().map_err(|()| AppError::NotFound)?))
}

/// All messages of a language.
#[server(endpoint = "message_templates/list")]
pub async fn list_messages(language: String) -> Result<Vec<Row>, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.message_templates.list(language_of(&language)?).await
    })
    .await
}

/// A message in the caller's editor.
#[server(endpoint = "message_templates/get")]
pub async fn get_message(message: String, language: String) -> Result<Editor, AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let (language, message) = named(&language, &message)?;
        ports.message_templates.editor(admin, language, message).await
    })
    .await
}

/// Does what the button says. What was typed is kept before anything else, so that neither a problem nor a confirmation
/// loses it. A text message has neither subject nor HTML; only its sample goes to a number.
#[server(endpoint = "message_templates/edit")]
pub async fn edit_message(
    message: String,
    language: String,
    #[server(default)] subject: String,
    text: String,
    #[server(default)] html: String,
    #[server(default)] number: String,
    act: Act,
) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let ((language, message), templates) = (named(&language, &message)?, &ports.message_templates);
        let parts = Parts { subject, text, html };
        templates.draft(admin, language, message, &parts).await?;
        let page = message_path(language, message);
        let done = match act {
            Act::Preview => format!("{page}?preview=on#preview"),
            Act::Send => {
                // Whoever sends to any number makes it cost something.
                let admin = if message.is_text() { caller.stepped_up(Audience::Admin)? } else { admin };
                let sent = templates.send(admin, language, message, &parts, &number).await;
                sent.map_err(|error| error.with_typed(&[("number", number.as_str())]))?;
                format!("{page}?done=template_sent")
            }
            Act::Save => {
                let admin = caller.stepped_up(Audience::Admin)?;
                templates.save(admin, language, message, &parts).await?;
                format!("{page}?done=saved")
            }
        };
        leptos_axum::redirect(&done);
        Ok(())
    })
    .await
}

/// Takes back what a message came with. Its page has asked before.
#[server(endpoint = "message_templates/reset")]
pub async fn reset_message(message: String, language: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let (language, message) = named(&language, &message)?;
        ports.message_templates.reset(admin, language, message).await?;
        leptos_axum::redirect(&format!("{}?done=template_reset", message_path(language, message)));
        Ok(())
    })
    .await
}
