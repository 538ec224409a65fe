//! A stored service provider, opened: its settings, its secret, and sending through it.

use super::store;
use crate::{
    core::Core,
    entity::service_provider,
    error::Error,
    platform::{secret::Secret, vault::Vault},
    providers::{
        Mail, SmtpSettings,
        sms::SmsSettings,
        smtp::token::{Token, TokenSecret, Tokens},
    },
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
            let way = mail_by(core, &core.tokens, &settings, secret.as_ref(), mail).await;
            if let Some(renewed) = way.renewed {
                keep_refresh_token(core, provider, &renewed).await;
            }
            way.sent
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

/// What became of a mail.
pub struct Mailed {
    /// Whether the mail server took it.
    pub sent: Result<(), DeliveryFailure>,
    /// What takes the place of the stored secret: the issuer of tokens has changed the refresh token.
    pub renewed: Option<Secret>,
}

/// Sends mail by these settings, with a token where they want one.
pub async fn mail_by(
    core: &Core,
    tokens: &Tokens,
    settings: &SmtpSettings,
    secret: Option<&Secret>,
    mail: &Mail<'_>,
) -> Mailed {
    if !settings.sign_in.by_token() {
        let sent = core.mail.send(settings, secret.map(Secret::expose), mail).await;
        return Mailed { sent, renewed: None };
    }
    let mut renewed = None;
    let sent = async {
        let token_secret = token_secret(secret)?;
        loop {
            let token = tokens.get(settings, &token_secret, core.clock.now()).await?;
            renewed = token.renewed.map(|refresh_token| {
                let refresh_token = refresh_token.expose().to_owned();
                TokenSecret { refresh_token, ..token_secret.clone() }.to_secret()
            });
            match core.mail.send(settings, Some(token.secret.expose()), mail).await {
                Err(failure) if failure.kind == DeliveryFailureKind::Authentication => {
                    tokens.forget(settings, &token_secret, &token.secret).await;
                    // An older one may have been revoked; nothing has left yet.
                    if !token.kept {
                        return Err(DeliveryFailure { kind: DeliveryFailureKind::AccessRefused, ..failure });
                    }
                }
                sent => return sent,
            }
        }
    };
    let sent = sent.await;
    Mailed { sent, renewed }
}

/// What signs in to a mail server: the password, or a token where the settings want one.
///
/// # Errors
/// Why there is no token.
pub async fn sign_in(
    tokens: &Tokens,
    settings: &SmtpSettings,
    secret: Option<&Secret>,
    now: i64,
) -> Result<Option<Secret>, DeliveryFailure> {
    if !settings.sign_in.by_token() {
        return Ok(secret.cloned());
    }
    let Token { secret, .. } = tokens.get(settings, &token_secret(secret)?, now).await?;
    Ok(Some(secret))
}

fn token_secret(secret: Option<&Secret>) -> Result<TokenSecret, DeliveryFailure> {
    let read = secret.and_then(|secret| TokenSecret::of_secret(secret.expose()));
    read.ok_or(DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None })
}

/// Keeps a refresh token that took the place of the stored one, unless somebody has stored another secret meanwhile. The
/// old one goes on working for a while, so a failure is no failure of the message.
async fn keep_refresh_token(core: &Core, provider: &service_provider::Model, renewed: &Secret) {
    let Some(before) = &provider.secret else { return };
    let kept = match core.vault.seal(&place(provider.id), renewed) {
        Ok(sealed) => store::replace_secret(&core.db, provider.id, before, sealed).await,
        Err(error) => Err(error.into()),
    };
    if let Err(error) = kept {
        tracing::warn!(provider = provider.title, %error, "a renewed refresh token could not be stored");
    }
}

/// What a provider's sealed password is bound to.
pub fn place(id: Uuid) -> String {
    format!("service_provider:{id}")
}
