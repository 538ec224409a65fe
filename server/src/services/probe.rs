//! Tries a provider out for whoever runs the server.

use super::smtp::target;
use crate::{
    challenge::trail,
    entity::service_provider,
    error::Error,
    offers::provider::{secret_of, sign_in, sms_settings, smtp_settings},
    platform::vault::Vault,
    providers::{
        smtp::{SmtpSender, token::Tokens},
        while_watched,
    },
};
use app::{error::DeliveryFailure, services::types::Channel, ui::messages};
use sea_orm::ConnectionTrait;

/// Connects to where a provider sends and signs in there, without sending anything. Answers what was reached.
///
/// # Errors
/// In words for whoever runs the server.
pub async fn probe(
    smtp: &SmtpSender,
    tokens: &Tokens,
    now: i64,
    db: &impl ConnectionTrait,
    vault: &Vault,
    row: &service_provider::Model,
) -> Result<String, String> {
    let in_words = |error: Error| messages::error(&error.into());
    match row.kind.0 {
        Channel::Smtp => {
            let settings = smtp_settings(row).map_err(in_words)?;
            let password = secret_of(db, vault, row).await;
            let password = password.map_err(|_| "its password cannot be decrypted".to_owned())?;
            let target = target(&settings);
            let probe = async {
                let password = sign_in(tokens, &settings, password.as_ref(), now).await?;
                smtp.probe(&settings, password.as_deref()).await
            };
            match while_watched(probe).await {
                Ok(()) => Ok(format!("{target} answers")),
                Err(DeliveryFailure { kind, answer }) => {
                    Err(format!("{target}: {}: {}", trail::failure_text(kind), answer.unwrap_or_default()))
                }
            }
        }
        Channel::Sms => {
            // Gateways have no way to be asked without a message, and messages cost money.
            secret_of(db, vault, row).await.map_err(|_| "its secret cannot be decrypted".to_owned())?;
            Ok(format!("{} is not tried out", sms_settings(row).map_err(in_words)?.via.target()))
        }
        Channel::Authenticator | Channel::Passkey => Ok("nothing has to be reached".to_owned()),
    }
}
