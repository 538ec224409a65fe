//! The rules of service providers that speak SMTP: from the form to what is stored, and back.

use super::{
    service::{Content, host, put, stored},
    smtp_secret,
};
use crate::{
    audit::Actor,
    core::Core,
    entity::service_provider,
    error::internal,
    offers::provider::smtp_settings,
    platform::secret::Secret,
    providers::{SmtpSettings, tls::checked_ca},
};
use app::{
    error::{AppError, Problem},
    services::{
        sign_in::SignIn,
        types::{Channel, SmtpForm},
    },
    validate::{self, Check, TITLE_MAX},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use url::Url;
use uuid::Uuid;

/// The longest user name or password that a mail server is sent, in characters.
pub(super) const CREDENTIAL_MAX: u32 = 255;
/// The longest address where tokens are fetched, in characters.
const URL_MAX: u32 = 1_000;

/// Where a provider is, in a few words.
pub(super) fn target(settings: &SmtpSettings) -> String {
    format!("{}:{}", settings.host, settings.port)
}

/// The form as settings, with the secret that counts: the typed one, or the stored one as long as it goes to the same
/// server and user.
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
        reply_to: check.take("reply_to", optional(&form.reply_to, validate::email)),
        ehlo_name: check.take("ehlo_name", optional(&form.ehlo_name, validate::host)),
        ca: check.take("ca", checked_ca(&form.ca, core.clock.now())),
        sign_in: check.take("sign_in", form.sign_in.parse().map_err(|()| Problem::NotAChoice)),
        client_id: String::new(),
        tenant: String::new(),
        token_url: String::new(),
    };
    let settings = with_client(core, &mut check, form, settings);
    let secret = smtp_secret::checked(db, core, &mut check, stored, form, &settings).await?;
    check.done()?;
    Ok((title, settings, secret))
}

/// The settings with what names us to whoever issues tokens, where a token takes the place of the password.
fn with_client(core: &Core, check: &mut Check, form: &SmtpForm, settings: SmtpSettings) -> SmtpSettings {
    if !settings.sign_in.by_token() {
        return settings;
    }
    if settings.user_name.is_empty() {
        // The mailbox that the token is for.
        check.add("user_name", Problem::Required);
    }
    let token_url = check.take("token_url", optional(&form.token_url, |typed| token_url(core, typed)));
    let by_microsoft = matches!(settings.sign_in, SignIn::Microsoft | SignIn::MicrosoftApp) && token_url.is_empty();
    let tenant = if by_microsoft { optional(&form.tenant, tenant) } else { Ok(String::new()) };
    let tenant = check.take("tenant", tenant);
    if settings.sign_in == SignIn::MicrosoftApp && by_microsoft && form.tenant.trim().is_empty() {
        // An application is known in its own directory alone.
        check.add("tenant", Problem::Required);
    }
    let client_id = check.take("client_id", validate::line(&form.client_id, CREDENTIAL_MAX));
    SmtpSettings { client_id, tenant, token_url, ..settings }
}

/// What may stay empty.
fn optional(typed: &str, check: impl FnOnce(&str) -> Result<String, Problem>) -> Result<String, Problem> {
    if typed.trim().is_empty() { Ok(String::new()) } else { check(typed) }
}

/// Where tokens are fetched: an address whose host may be contacted.
fn token_url(core: &Core, typed: &str) -> Result<String, Problem> {
    let typed = validate::line(typed, URL_MAX)?;
    let url = Url::parse(&typed).map_err(|_| Problem::NotAUrl)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err(Problem::NotAUrl);
    }
    let named = url.host_str().unwrap_or_default();
    host(core, named.trim_matches(['[', ']'])).map_err(|problem| match problem {
        Problem::AddressNotAllowed | Problem::HostNotAllowed => problem,
        _ => Problem::NotAUrl,
    })?;
    Ok(typed)
}

/// Microsoft's directory: an id or a domain, which becomes a part of an address.
fn tenant(typed: &str) -> Result<String, Problem> {
    let tenant = validate::line(typed, TITLE_MAX)?;
    let fits = tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if fits && !tenant.starts_with('.') { Ok(tenant) } else { Err(Problem::NotAHost) }
}

/// The form that a stored SMTP provider is shown in, without its secrets.
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
        reply_to: settings.reply_to,
        ehlo_name: settings.ehlo_name,
        ca: settings.ca,
        sign_in: settings.sign_in.as_str().to_owned(),
        client_id: settings.client_id,
        tenant: settings.tenant,
        token_url: settings.token_url,
        client_secret: String::new(),
        refresh_token: String::new(),
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
    let (title, settings, secret) = checked(db, core, stored.as_ref(), form).await?;
    let about = target(&settings);
    let secret = secret.filter(|_| !settings.user_name.is_empty());
    let settings = serde_json::to_string(&settings).map_err(internal)?;
    put(db, core, actor, stored, Content { kind: Channel::Smtp, title, settings, secret, about }).await
}
