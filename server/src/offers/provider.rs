//! A stored service provider, opened: its settings, its secret, and sending through it.

use crate::{
    core::Core,
    entity::service_provider,
    error::Error,
    platform::{secret::Secret, vault::Vault},
    providers::{Mail, SmtpSettings, sms::SmsSettings},
};
use app::{
    error::{DeliveryFailure, DeliveryFailureKind},
    services::types::Channel,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A provider of text messages as it is stored: how to reach it, and what it may cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmsProvider {
    /// How to reach it.
    pub via: SmsSettings,
    /// The countries that messages go to, in two letters each.
    pub countries: Vec<String>,
    /// The most messages of a day.
    pub daily: u32,
}

/// The settings of a stored mail provider.
pub fn smtp_settings(row: &service_provider::Model) -> Result<SmtpSettings, Error> {
    Ok(serde_json::from_str(&row.settings)?)
}

/// The settings of a stored provider.
///
/// # Errors
/// When they cannot be read.
pub fn sms_settings(row: &service_provider::Model) -> Result<SmsProvider, Error> {
    Ok(serde_json::from_str(&row.settings)?)
}

/// The stored secret of a provider, if it has one.
///
/// # Errors
/// When it was sealed with another key.
pub async fn secret_of(
    db: &impl ConnectionTrait,
    vault: &Vault,
    row: &service_provider::Model,
) -> Result<Option<Secret>, Error> {
    let Some(sealed) = &row.secret else { return Ok(None) };
    Ok(Some(vault.open_sealed(db, &place(row.id), sealed).await?))
}

/// Sends a message through a provider.
///
/// # Errors
/// Why it was not handed over; settings or a secret that cannot be read are told as an inactive provider.
pub async fn send(core: &Core, provider: &service_provider::Model, mail: &Mail<'_>) -> Result<(), DeliveryFailure> {
    let inactive = |_: Error| DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None };
    let secret = secret_of(&core.db, &core.vault, provider).await.map_err(inactive)?;
    match provider.kind.0 {
        Channel::Smtp => {
            let settings = smtp_settings(provider).map_err(inactive)?;
            core.mail.send(&settings, secret.as_deref(), mail).await
        }
        Channel::Sms => {
            let settings = sms_settings(provider).map_err(inactive)?;
            core.sms.send(&settings.via, secret.as_deref(), mail.to, &mail.text.text).await
        }
        Channel::Authenticator | Channel::Passkey => {
            Err(DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None })
        }
    }
}

/// What a provider's sealed password is bound to.
pub fn place(id: Uuid) -> String {
    format!("service_provider:{id}")
}
