//! The rules of settings.

use crate::{
    accounts,
    audit::{Actor, Event},
    core::Core,
    entity::configuration,
    entries::requirement,
    outbox::alert,
    platform::{clock::minute_text, database},
    requests::{self, change::Change},
    rules::{rules_in, store},
    sessions,
};
use app::{
    audit::types::Action,
    caller::Session,
    configuration::{
        port::ConfigurationPort,
        types::{Change as Changed, Configuration, Setting, SettingValue},
    },
    error::{AppError, Refusal},
    login::types::Audience,
    validate,
};
use async_trait::async_trait;
use sea_orm::DatabaseTransaction;
use std::{collections::HashMap, sync::Arc};

/// Named system settings.
pub struct Configurations(pub Arc<Core>);

#[async_trait]
impl ConfigurationPort for Configurations {
    async fn list(&self, admin: &Session) -> Result<Configuration, AppError> {
        let db = &self.0.db;
        let rules = rules_in(db).await?;
        let rows = store::all(db).await?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        let value = |setting: &Setting| SettingValue {
            setting: *setting,
            value: rules.get(*setting),
            changed: rows
                .remove(setting.key())
                .map(|row| Changed { by: row.changed_by, at: minute_text(row.changed_at) }),
        };
        Ok(Configuration {
            settings: Setting::ALL.iter().map(value).collect(),
            readiness: requirement::readiness(db, admin.account_id).await?,
        })
    }

    async fn save(&self, admin: &Session, setting: Setting, value: &str) -> Result<SettingValue, AppError> {
        // Alone, so that nobody takes away at this moment what the requirement rests on.
        let transaction = database::begin_alone(&self.0.db).await?;
        if setting == Setting::RequireAdminTwoFactor
            && !rules_in(&transaction).await?.is_on(setting)
            && number(setting, value)? != 0
            && let Some(obstacle) = requirement::obstacle(&transaction, admin.account_id).await?
        {
            return Err(AppError::refused(Refusal::CannotBeRequired(obstacle)));
        }
        let before = rules_in(&transaction).await?.get(setting);
        let after = number(setting, value)?;
        if setting == Setting::SecondApproval && after > before {
            let admins = accounts::store::count_active(&transaction, Audience::Admin).await?;
            if admins < 2 {
                return Err(AppError::refused(Refusal::NeedsSecondAdmin));
            }
        }
        let actor = requests::service::actor(admin, setting.weakens(before, after));
        let saved = change(&transaction, &self.0, actor, setting, value).await?;
        let asked = Change::Setting { setting, value: value.to_owned() };
        requests::service::settle(&self.0, transaction, actor, asked).await?;
        Ok(saved)
    }
}

/// Stores a value within a transaction that is alone.
///
/// # Errors
/// `Invalid` with the field `value`; where that would lock administrators out.
pub async fn change(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    setting: Setting,
    value: &str,
) -> Result<SettingValue, AppError> {
    let saved = put(db, core, actor, setting, value).await?;
    if setting == Setting::AdminsWithoutCode {
        requirement::check_way_in(db).await?;
    }
    Ok(saved)
}

fn number(setting: Setting, value: &str) -> Result<u32, AppError> {
    let (min, max) = setting.bounds();
    validate::whole_number(value, min, max).map_err(|problem| AppError::field("value", problem))
}

/// Stores a value within a transaction. Whether it locks anybody out, the caller asks.
///
/// # Errors
/// `Invalid` with the field `value`.
pub async fn put(
    db: &DatabaseTransaction,
    core: &Core,
    actor: Actor<'_>,
    setting: Setting,
    value: &str,
) -> Result<SettingValue, AppError> {
    let number = number(setting, value)?;
    let before = rules_in(db).await?.get(setting);
    let (by, now) = (actor.name().unwrap_or_default().to_owned(), core.clock.now());
    let row = configuration::Model {
        key: setting.key().to_owned(),
        value: number.to_string(),
        changed_by: by.clone(),
        changed_at: now,
    };
    store::put(db, row).await?;
    if setting == Setting::RequireAdminTwoFactor && before == 0 && number != 0 {
        sessions::store::end_unproved(db, Audience::Admin, actor.session_id()).await?;
    }
    let event = Event::new(Action::ConfigurationChanged, actor).to(setting.key());
    alert::record(db, core, event.with(format!("{before} to {number}"))).await?;
    Ok(SettingValue { setting, value: number, changed: Some(Changed { by, at: minute_text(now) }) })
}
