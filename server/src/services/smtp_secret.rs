//! The secret of a mail server's form: a password, or what fetches tokens. A stored one goes only to the server that it was
//! saved for.

use super::smtp::CREDENTIAL_MAX;
use crate::{
    core::Core,
    entity::service_provider,
    offers::provider::{secret_of, smtp_settings},
    platform::secret::Secret,
    providers::{
        SmtpSettings,
        smtp::token::{TokenSecret, address},
    },
};
use app::{
    error::{AppError, Problem},
    services::{
        sign_in::SignIn,
        types::{Encryption, SmtpForm},
    },
    validate::Check,
};
use sea_orm::ConnectionTrait;

/// The longest refresh token, in characters; Microsoft's have one or two thousand.
const REFRESH_TOKEN_MAX: u32 = 10_000;

/// The secret that counts: the typed one, or the stored one where nothing is typed.
pub(super) async fn checked(
    db: &impl ConnectionTrait,
    core: &Core,
    check: &mut Check,
    stored: Option<&service_provider::Model>,
    form: &SmtpForm,
    settings: &SmtpSettings,
) -> Result<Option<Secret>, AppError> {
    // What is typed for another way to sign in counts for nothing.
    let fields: &[(&str, &str, u32)] = if settings.sign_in.by_token() {
        &[
            ("client_secret", &form.client_secret, CREDENTIAL_MAX),
            ("refresh_token", &form.refresh_token, REFRESH_TOKEN_MAX),
        ]
    } else {
        &[("password", &form.password, CREDENTIAL_MAX)]
    };
    for (name, typed, max) in fields {
        if typed.chars().count() > *max as usize {
            check.add(name, Problem::TooLong(*max));
        } else if typed.chars().any(char::is_control) {
            check.add(name, Problem::ControlCharacters);
        }
    }
    let row = stored.filter(|row| row.secret.is_some() && !settings.user_name.is_empty());
    let before = row.map(smtp_settings).transpose()?;
    let same_way = before.as_ref().is_some_and(|before| before.sign_in == settings.sign_in);
    // A password is nothing that another way to sign in could use.
    let row = row.filter(|_| same_way);
    let elsewhere = before.is_some_and(|before| goes_elsewhere(&before, settings));
    if !settings.sign_in.by_token() {
        if !form.password.is_empty() {
            return Ok(Some(Secret::from(form.password.clone())));
        }
        return match row {
            Some(_) if elsewhere => {
                check.add("password", Problem::SecretNeededAgain);
                Ok(None)
            }
            Some(row) => Ok(secret_of(db, &core.vault, row).await?),
            None => Ok(None),
        };
    }
    let mut secret =
        TokenSecret { client_secret: form.client_secret.clone(), refresh_token: form.refresh_token.trim().to_owned() };
    let lacks_refresh_token = settings.sign_in.by_refresh_token() && secret.refresh_token.is_empty();
    if secret.client_secret.is_empty() || lacks_refresh_token {
        let kept = match row {
            Some(row) => secret_of(db, &core.vault, row).await?,
            None => None,
        };
        let kept = kept.and_then(|kept| TokenSecret::of_secret(kept.expose())).unwrap_or_default();
        for (name, typed, kept, needed) in [
            (
                "client_secret",
                &mut secret.client_secret,
                kept.client_secret,
                // Applications on people's own machines have none at Microsoft.
                settings.sign_in != SignIn::Microsoft,
            ),
            ("refresh_token", &mut secret.refresh_token, kept.refresh_token, settings.sign_in.by_refresh_token()),
        ] {
            if !typed.is_empty() {
                continue;
            }
            if !kept.is_empty() && elsewhere {
                check.add(name, Problem::SecretNeededAgain);
            } else if kept.is_empty() && needed {
                check.add(name, Problem::Required);
            } else {
                *typed = kept;
            }
        }
    }
    if !settings.sign_in.by_refresh_token() {
        secret.refresh_token.clear();
    }
    Ok(Some(secret.to_secret()))
}

/// Whether a secret that was stored for the one would reach somebody else, or in another way, by the other.
fn goes_elsewhere(before: &SmtpSettings, now: &SmtpSettings) -> bool {
    let weaker = before.encryption != Encryption::None && now.encryption == Encryption::None;
    // Whoever vouches for the server also says who may stand in its place.
    let other_authority = before.ca != now.ca && !now.ca.is_empty();
    let place = |via: &SmtpSettings| (via.host.clone(), via.port, via.user_name.clone());
    let client = |via: &SmtpSettings| (via.client_id.clone(), address(via));
    weaker || other_authority || place(before) != place(now) || now.sign_in.by_token() && client(before) != client(now)
}
