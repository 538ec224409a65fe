//! Applies the file: all of it or nothing, by the rules of the pages.

use super::{
    entry::{Entry, Name, Wanted, fields, text, typed},
    export::{form_of, stored},
    parse::{BadInput, parse},
    report::Report,
};
use crate::{
    audit::Actor, brand, configuration, core::Core, entries::requirement, error::internal, looks, message_templates,
    platform::database, policy, secondary_auth, services,
};
use app::{
    configuration::types::Setting,
    error::{AppError, FieldProblem, Obstacle, Problem},
    message_templates::{defaults::template, types::Parts},
    services::{
        sms::SmsForm,
        types::{Channel, SmtpForm},
    },
    ui::messages,
};
use sea_orm::DatabaseTransaction;
use serde::de::DeserializeOwned;
use toml::Value;
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

/// Who did it, as the audit log says.
const ACTOR: Actor<'static> = Actor::CommandLine;

/// Why nothing was imported.
#[derive(Debug, PartialEq)]
pub enum ImportError {
    /// Something in the file cannot be used.
    Bad(BadInput),
    /// The file as a whole is refused.
    Refused(AppError),
}

impl From<BadInput> for ImportError {
    fn from(bad: BadInput) -> Self {
        Self::Bad(bad)
    }
}

impl From<crate::error::Error> for ImportError {
    fn from(error: crate::error::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<AppError> for ImportError {
    fn from(error: AppError) -> Self {
        Self::Refused(error)
    }
}

/// Applies the file, or only tries it. What it does not name stays as it is.
///
/// # Errors
/// For the first thing that cannot be used; then nothing was changed.
pub async fn import(core: &Core, file: &str, dry_run: bool) -> Result<Report, ImportError> {
    let wanted = parse(file)?;
    // First tried without the server's log, which must not tell what did not happen.
    match attempt(core, &wanted, false).with_subscriber(NoSubscriber::default()).await {
        Ok(report) if dry_run => Ok(report),
        // What failed inside is in the log alone.
        Ok(_) | Err(ImportError::Refused(AppError::Internal { .. })) => attempt(core, &wanted, !dry_run).await,
        Err(error) => Err(error),
    }
}

async fn attempt(core: &Core, wanted: &[Wanted], keep: bool) -> Result<Report, ImportError> {
    // Alone, so that nobody takes away at this moment what a requirement rests on.
    let transaction = database::begin_alone(&core.db).await?;
    let report = apply(core, &transaction, wanted).await?;
    if keep {
        database::commit(transaction).await?;
    } else {
        database::rollback(transaction).await?;
    }
    Ok(report)
}

async fn apply(core: &Core, db: &DatabaseTransaction, file: &[Wanted]) -> Result<Report, ImportError> {
    let before = stored(db).await?;
    let mut report = Report::default();
    for wanted in file {
        let entry = before.iter().find(|entry| entry.name == wanted.name);
        let changed = report.compare(entry, wanted);
        match &wanted.name {
            Name::Provider(title) => provider(core, db, title, wanted, &changed).await?,
            Name::SecondaryAuth(title) => secondary_auth(core, db, title, wanted, &changed).await?,
            Name::Policy(audience) => {
                if changed.contains(&"allowed") {
                    let allowed = wanted.flag("allowed").unwrap_or_default();
                    policy::service::put_allowed(db, core, ACTOR, *audience, allowed).await?;
                }
                if changed.contains(&"forbidden") {
                    let kinds = wanted.get("forbidden").and_then(Value::as_array).into_iter().flatten();
                    let kinds = kinds.filter_map(|kind| kind.as_str()?.parse().ok()).collect::<Vec<Channel>>();
                    policy::service::put_forbidden(db, core, ACTOR, *audience, &kinds).await?;
                }
            }
            Name::Configuration => {
                for key in &changed {
                    let (Ok(setting), Some(value)) = (key.parse(), wanted.get(key)) else { continue };
                    configuration::service::put(db, core, ACTOR, setting, &typed(value))
                        .await
                        .map_err(|error| placed(wanted, key, error))?;
                }
            }
            Name::Brand => {
                let mut fields = looks::fields(&looks::store::all(db).await?);
                for (key, _, value) in &wanted.values {
                    if let Some(field) = fields.field(key) {
                        *field = typed(value);
                    }
                }
                let first = changed.first().copied().unwrap_or_default();
                brand::service::put(db, core, ACTOR, &fields).await.map_err(|error| placed(wanted, first, error))?;
            }
            Name::Message(..) if changed.is_empty() => {}
            Name::Message(message, language) => {
                let default = template(*language, *message);
                let part = |key: &str, default: &str| {
                    let stored = entry.and_then(|entry| entry.get(key)).and_then(Value::as_str);
                    wanted.text(key).or(stored).unwrap_or(default).to_owned()
                };
                let parts = Parts {
                    subject: part("subject", &default.subject),
                    text: part("text", &default.text),
                    html: part("html", &default.html),
                };
                message_templates::service::put(db, core, ACTOR, (*language, *message), &parts)
                    .await
                    .map_err(|error| placed(wanted, "subject", error))?;
            }
        }
    }
    check_lock_out(db, &before, file).await?;
    report.keep(&before, file);
    Ok(report)
}

async fn provider(
    core: &Core,
    db: &DatabaseTransaction,
    title: &str,
    wanted: &Wanted,
    changed: &[&str],
) -> Result<(), ImportError> {
    let Some(kind) = wanted.text("kind").and_then(|kind| kind.parse::<Channel>().ok()) else { return Ok(()) };
    let row = services::store::by_title(db, title).await?;
    let stored_kind = row.as_ref().map(|row| row.kind.0);
    if let Some(other) = stored_kind.filter(|other| *other != kind) {
        let what =
            format!("{}, kind: the stored one is {}, and a provider stays what it is", wanted.name, other.as_str());
        return Err(BadInput { line: wanted.line_of("kind"), what }.into());
    }
    let id = row.as_ref().map(|row| row.id);
    let of_the_form = |key: &&str| fields(kind).iter().any(|(field, _)| field == key);
    if id.is_none() || changed.iter().any(of_the_form) {
        let typed_before = row.as_ref().map(form_of).transpose()?.unwrap_or_default();
        match kind {
            Channel::Smtp => {
                let form: SmtpForm = form(title, kind, &typed_before, wanted)?;
                services::smtp::put_smtp(db, core, ACTOR, id, &form).await
            }
            Channel::Sms => {
                let form: SmsForm = form(title, kind, &typed_before, wanted)?;
                services::sms::put_sms(db, core, ACTOR, id, &form).await
            }
            // Their forms have nothing but the title.
            Channel::Authenticator | Channel::Passkey => {
                services::service::put_plain(db, core, ACTOR, id, kind, title).await
            }
        }
        .map_err(|error| {
            placed(wanted, changed.iter().copied().find(|key| of_the_form(key)).unwrap_or("title"), error)
        })?;
    }
    let is_active = row.is_none_or(|row| row.active);
    if let Some(active) = wanted.flag("active").filter(|active| *active != is_active) {
        let row = services::store::by_title(db, title).await?.ok_or(AppError::NotFound)?;
        services::service::put_active(db, core, ACTOR, row.id, active).await?;
    }
    Ok(())
}

/// The form of a provider as if somebody had typed the file's values into it. It has no secret, so the stored one is
/// kept as the form keeps it.
fn form<F: DeserializeOwned>(
    title: &str,
    kind: Channel,
    before: &serde_json::Value,
    wanted: &Wanted,
) -> Result<F, AppError> {
    let mut form = serde_json::Map::new();
    form.insert("title".to_owned(), title.into());
    for (key, _) in fields(kind) {
        let value = wanted.get(key).map_or_else(|| before[key].as_str().unwrap_or_default().to_owned(), typed);
        form.insert((*key).to_owned(), value.into());
    }
    serde_json::from_value(form.into()).map_err(internal)
}

async fn secondary_auth(
    core: &Core,
    db: &DatabaseTransaction,
    title: &str,
    wanted: &Wanted,
    changed: &[&str],
) -> Result<(), ImportError> {
    let row = secondary_auth::store::by_title(db, title).await?;
    if row.is_some() && changed.is_empty() {
        return Ok(());
    }
    let bad = |key, what: String| BadInput { line: wanted.line_of(key), what: format!("{}: {what}", wanted.name) };
    let provider = async |key, title| match services::store::by_title(db, title).await? {
        Some(provider) => Ok(provider.id.to_string()),
        None => Err(ImportError::from(bad(key, format!("there is no provider {}", text(title))))),
    };
    let Some(service) = wanted.text("provider") else {
        return Err(bad("provider", "it has no provider".to_owned()).into());
    };
    let service = provider("provider", service).await?;
    let mut chain = Vec::new();
    for title in wanted.get("fallbacks").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        chain.push(provider("fallbacks", title).await?);
    }
    let chain: Vec<_> = chain.iter().map(String::as_str).collect();
    let chain = wanted.get("fallbacks").is_some().then_some(chain.as_slice());
    secondary_auth::service::put(db, core, ACTOR, row.map(|row| row.id), &service, title, chain)
        .await
        .map_err(|error| placed(wanted, "title", error))
}

/// Refuses what would lock every administrator out.
async fn check_lock_out(db: &DatabaseTransaction, before: &[Entry], file: &[Wanted]) -> Result<(), ImportError> {
    let key = Setting::RequireAdminTwoFactor.key();
    let was_on = before.iter().any(|entry| entry.get(key).and_then(Value::as_bool) == Some(true));
    let required = file.iter().find(|wanted| wanted.name == Name::Configuration && wanted.flag(key) == Some(true));
    if let Some(wanted) = required.filter(|_| !was_on)
        && let Some(obstacle) = requirement::obstacle_for_everybody(db).await?
    {
        let what = match obstacle {
            Obstacle::NotEnrolled => "no administrator has a secondary authentication entry that works, so everybody \
                                      might be locked out; one of them has to set one up under My Profile first"
                .to_owned(),
            _ => messages::obstacle(obstacle),
        };
        return Err(BadInput { line: wanted.line_of(key), what: format!("{key}: {what}") }.into());
    }
    Ok(requirement::check_provable(db).await?)
}

/// An error of a form with its place in the file.
fn placed(wanted: &Wanted, changed: &str, error: AppError) -> ImportError {
    let AppError::Invalid { fields, .. } = &error else { return error.into() };
    let Some(FieldProblem { field, problem }) = fields.first() else { return error.into() };
    let (field, line) = match field.as_str() {
        // The secret stands on no line; what was changed asks for it.
        "password" | "secret" | "client_secret" | "refresh_token" => (field.as_str(), wanted.line_of(changed)),
        "service" => ("provider", wanted.line_of("provider")),
        field if field.starts_with("fallback_") => ("fallbacks", wanted.line_of("fallbacks")),
        "value" => (changed, wanted.line_of(changed)),
        field => (field, wanted.line_of(field)),
    };
    let mut what = format!("{}, {field}: {}", wanted.name, messages::problem(problem));
    if *problem == Problem::SecretNeededAgain {
        what.push_str(" Change it on the provider's page, then import.");
    } else if matches!(field, "secret" | "client_secret" | "refresh_token") {
        what.push_str(" Add it by countersign provider add, with --secret-stdin, then import.");
    }
    BadInput { line, what }.into()
}
