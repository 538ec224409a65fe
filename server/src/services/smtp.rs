//! The rules of service providers that speak SMTP: from the form to what is stored, and back.

use super::service::{Content, host, put, stored};
use crate::{
    audit::Actor,
    core::Core,
    entity::service_provider,
    error::internal,
    offers::provider::{secret_of, smtp_settings},
    platform::secret::Secret,
    providers::SmtpSettings,
};
use app::{
    error::{AppError, Problem},
    services::types::{Channel, Encryption, SmtpForm},
    validate::{self, Check, TITLE_MAX},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

/// The longest user name or password that a mail server is sent, in characters.
const CREDENTIAL_MAX: u32 = 255;

/// Where a provider is, in a few words.
pub(super) fn target(settings: &SmtpSettings) -> String {
    format!("{}:{}", settings.host, settings.port)
}

/// The form as settings, with the password that counts: the typed one, or the stored one as long as it goes to
/// the same server and user.
pub(super) async fn checked(
    db: &impl ConnectionTrait,
    core: &Core,
    stored: Option<&service_provider::Model>,
    form: &SmtpForm,
) -> Result<(String, SmtpSettings, Option<Secret>), AppError> {
    let mut check = Check::default();
    let title = check.take("title", validate::line(&form.title, TITLE_MAX));
    let settings = SmtpSettings {
        host: check.take("host", host(core, &form.host)),
        port: check.take("port", validate::port(&form.port)),
        encryption: check.take("encryption", form.encryption.parse().map_err(|()| Problem::NotAChoice)),
        user_name: check.take("user_name", validate::optional_line(&form.user_name, CREDENTIAL_MAX)),
        from_address: check.take("from_address", validate::email(&form.from_address)),
        from_name: check.take("from_name", validate::optional_line(&form.from_name, TITLE_MAX)),
    };
    if form.password.chars().count() > CREDENTIAL_MAX as usize {
        check.add("password", Problem::TooLong(CREDENTIAL_MAX));
    } else if form.password.chars().any(char::is_control) {
        check.add("password", Problem::ControlCharacters);
    }
    let kept = stored.filter(|row| form.password.is_empty() && row.secret.is_some() && !settings.user_name.is_empty());
    let mut password = (!form.password.is_empty()).then(|| Secret::from(form.password.clone()));
    if let Some(row) = kept {
        let before = smtp_settings(row)?;
        let weaker = before.encryption != Encryption::None && settings.encryption == Encryption::None;
        if weaker
            || (&before.host, before.port, &before.user_name) != (&settings.host, settings.port, &settings.user_name)
        {
            check.add("password", Problem::SecretNeededAgain);
        } else {
            password = secret_of(db, &core.vault, row).await?;
        }
    }
    check.done()?;
    Ok((title, settings, password))
}

/// The form that a stored SMTP provider is shown in, without its password.
///
/// # Errors
/// When its settings cannot be read.
pub fn smtp_form(row: &service_provider::Model) -> Result<SmtpForm, AppError> {
    let settings = smtp_settings(row)?;
    Ok(SmtpForm {
        title: row.title.clone(),
        host: settings.host,
        port: settings.port.to_string(),
        encryption: settings.encryption.as_str().to_owned(),
        user_name: settings.user_name,
        password: String::new(),
        from_address: settings.from_address,
        from_name: settings.from_name,
    })
}

/// Stores a new SMTP provider or changes one, within a transaction. Answers its id.
///
/// # Errors
/// `Invalid` with the fields of the form.
pub async fn put_smtp(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    id: Option<Uuid>,
    form: &SmtpForm,
) -> Result<Uuid, AppError> {
    let stored = stored(db, id, Channel::Smtp).await?;
    let (title, settings, password) = checked(db, core, stored.as_ref(), form).await?;
    let about = target(&settings);
    let secret = password.filter(|_| !settings.user_name.is_empty());
    let settings = serde_json::to_string(&settings).map_err(internal)?;
    put(db, core, actor, stored, Content { kind: Channel::Smtp, title, settings, secret, about }).await
}
