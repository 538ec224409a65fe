//! Writes the file from what is stored, always in the same order.

use super::entry::{Entry, Name, SMTP_EXTRA, Type, fields, setting_value, text};
use crate::{
    core::Core,
    entity::service_provider,
    error::internal,
    looks, offers,
    rules::{self, rules_in},
    services, templates,
};
use app::{
    configuration::types::Setting,
    error::AppError,
    language::types::Language,
    login::types::Audience,
    message_templates::types::Message,
    services::{sign_in::SignIn, types::Channel},
};
use sea_orm::ConnectionTrait;
use std::fmt::Write;
use toml::Value;

const HEAD: &str = "\
# The configuration of Countersign, without its secrets. `countersign config import` applies it; what the file does not
# name stays as it is.
";

const SECRET: &str = "\
# Its secret is not in this file. Where this provider is new, add it before the import by
# `countersign provider add ... --secret-stdin`.
";

/// The whole configuration as a file.
pub async fn export(core: &Core) -> Result<String, AppError> {
    Ok(written(&stored(&core.db).await?))
}

/// What is stored, in the order of the file. Titles are in an order of their own, as databases sort by different rules.
pub async fn stored(db: &impl ConnectionTrait) -> Result<Vec<Entry>, AppError> {
    let mut providers = services::store::all(db).await?;
    providers.sort_by(|a, b| a.title.cmp(&b.title));
    let mut entries = providers.iter().map(provider).collect::<Result<Vec<_>, _>>()?;
    let mut auths = offers::store::all(db).await?;
    auths.sort_by(|a, b| a.auth.title.cmp(&b.auth.title));
    for offered in auths {
        let mut values = vec![("provider", text(&offered.service.title))];
        let fallbacks = offers::store::fallbacks(db, offered.auth.id).await?;
        if !fallbacks.is_empty() {
            let titles = fallbacks.iter().map(|provider| text(&provider.title)).collect();
            values.push(("fallbacks", Value::Array(titles)));
        }
        entries.push(Entry { name: Name::SecondaryAuth(offered.auth.title), values });
    }
    for audience in Audience::ALL {
        let allowed = rules::policies::is_allowed(db, audience).await?;
        let forbidden = rules::policies::forbidden(db, audience).await?;
        let in_order = Channel::ALL.into_iter().filter(|kind| forbidden.contains(kind));
        let forbidden = in_order.map(|kind| text(kind.as_str())).collect();
        let values = vec![("allowed", Value::Boolean(allowed)), ("forbidden", Value::Array(forbidden))];
        entries.push(Entry { name: Name::Policy(audience), values });
    }
    let rules = rules_in(db).await?;
    let value = |setting: &Setting| (setting.key(), setting_value(*setting, rules.get(*setting)));
    entries.push(Entry { name: Name::Configuration, values: Setting::ALL.iter().map(value).collect() });
    let brand = looks::fields(&looks::store::all(db).await?);
    let values: Vec<_> = brand
        .named()
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| (key, text(value)))
        .collect();
    if !values.is_empty() {
        entries.push(Entry { name: Name::Brand, values });
    }
    let mut messages = templates::store::all(db, None).await?;
    messages.sort_by_key(|row| {
        let place = Message::ALL.iter().position(|message| *message == row.message.0);
        (place, Language::ALL.iter().position(|language| *language == row.language.0))
    });
    for row in messages {
        let values = vec![("subject", text(&row.subject)), ("text", text(&row.text)), ("html", text(&row.html))];
        entries.push(Entry { name: Name::Message(row.message.0, row.language.0), values });
    }
    Ok(entries)
}

fn provider(row: &service_provider::Model) -> Result<Entry, AppError> {
    let kind = row.kind.0;
    let form = form_of(row)?;
    let mut values = vec![("kind", text(kind.as_str())), ("active", Value::Boolean(row.active))];
    for (key, kind) in fields(kind) {
        let typed = form[key].as_str().unwrap_or_default();
        match kind {
            Type::Number => values.extend(typed.parse().ok().map(|number| (*key, Value::Integer(number)))),
            _ => values.push((key, text(typed))),
        }
    }
    let by_password = SignIn::Password.as_str();
    values.retain(|(key, value)| match kind {
        // Each vendor uses some of the fields.
        Channel::Sms => value.as_str() != Some(""),
        Channel::Smtp if *key == "sign_in" => value.as_str() != Some(by_password),
        Channel::Smtp if SMTP_EXTRA.contains(key) => value.as_str() != Some(""),
        Channel::Smtp | Channel::Authenticator | Channel::Passkey => true,
    });
    Ok(Entry { name: Name::Provider(row.title.clone()), values })
}

/// The form that a stored provider is shown in, by the names of its fields.
pub fn form_of(row: &service_provider::Model) -> Result<serde_json::Value, AppError> {
    match row.kind.0 {
        Channel::Smtp => serde_json::to_value(services::smtp::smtp_form(row)?),
        Channel::Sms => serde_json::to_value(services::sms::shown(row.clone(), 0)?.form),
        Channel::Authenticator | Channel::Passkey => Ok(serde_json::json!({})),
    }
    .map_err(internal)
}

/// Whether a provider cannot work without its secret.
fn needs_secret(entry: &Entry) -> bool {
    let kind = entry.get("kind").and_then(Value::as_str).and_then(|kind| kind.parse().ok());
    match kind {
        Some(Channel::Smtp) => entry.get("user_name").and_then(Value::as_str).is_some_and(|name| !name.is_empty()),
        Some(Channel::Sms) => true,
        Some(Channel::Authenticator | Channel::Passkey) | None => false,
    }
}

/// The text of the file.
fn written(entries: &[Entry]) -> String {
    let mut file = HEAD.to_owned();
    for entry in entries {
        let comment = if needs_secret(entry) { SECRET } else { "" };
        let head = match &entry.name {
            Name::Provider(title) => format!("[[provider]]\ntitle = {}", text(title)),
            Name::SecondaryAuth(title) => format!("[[secondary_auth]]\ntitle = {}", text(title)),
            Name::Policy(audience) => format!("[policy.{}]", audience.as_str()),
            Name::Brand => "[brand]".to_owned(),
            Name::Configuration => "[configuration]".to_owned(),
            Name::Message(message, language) => format!("[message.{}.{}]", message.as_str(), language.as_str()),
        };
        // Writing to a string does not fail.
        let _ = writeln!(file, "\n{comment}{head}");
        for (key, value) in &entry.values {
            let _ = writeln!(file, "{key} = {value}");
        }
    }
    file
}
