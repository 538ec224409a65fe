//! The rules of settings.

use super::store;
use crate::{
    audit::{self, Actor, Event},
    clock::minute_text,
    core::{Core, failed},
    database,
    entity::configuration,
    policy::requirement,
};
use app::{
    audit::types::Action,
    caller::Session,
    configuration::{
        port::ConfigurationPort,
        types::{Change, Configuration, Setting, SettingValue, Unit},
    },
    error::{AppError, Refusal},
    validate,
};
use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::{collections::HashMap, sync::Arc};

/// The values of all settings at one moment.
#[derive(Clone, Debug, Default)]
pub struct Rules(HashMap<&'static str, u32>);

impl Rules {
    /// The value of a setting, in its own unit. What is stored out of bounds is brought back into them.
    pub fn get(&self, setting: Setting) -> u32 {
        let (min, max) = setting.bounds();
        self.0.get(setting.key()).copied().unwrap_or(setting.default()).clamp(min, max)
    }

    /// The value of a number, as counters have it.
    pub fn count(&self, setting: Setting) -> i32 {
        i32::try_from(self.get(setting)).unwrap_or(i32::MAX)
    }

    /// Whether a toggle is ON.
    pub fn is_on(&self, setting: Setting) -> bool {
        self.get(setting) != 0
    }

    /// The value of a time, in seconds.
    pub fn seconds(&self, setting: Setting) -> i64 {
        let unit = match setting.unit() {
            Unit::Toggle | Unit::Number | Unit::Seconds => 1,
            Unit::Minutes => 60,
            Unit::Hours => 3_600,
            Unit::Days => 86_400,
        };
        i64::from(self.get(setting)) * unit
    }
}

/// The settings as they are now.
///
/// # Errors
/// When the database fails.
pub async fn rules(core: &Core) -> Result<Rules, AppError> {
    rules_in(&core.db).await
}

/// The same within a transaction.
///
/// # Errors
/// When the database fails.
pub async fn rules_in(db: &impl ConnectionTrait) -> Result<Rules, AppError> {
    let rows = store::all(db).await.map_err(failed)?;
    let known = rows.into_iter().filter_map(|row| {
        let setting: Setting = row.key.parse().ok()?;
        Some((setting.key(), row.value.parse().ok()?))
    });
    Ok(Rules(known.collect()))
}

/// Named system settings.
pub struct Configurations(pub Arc<Core>);

#[async_trait]
impl ConfigurationPort for Configurations {
    async fn list(&self, admin: &Session) -> Result<Configuration, AppError> {
        let db = &self.0.db;
        let rules = rules_in(db).await?;
        let rows = store::all(db).await.map_err(failed)?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.key.clone(), row)).collect();
        let value = |setting: &Setting| SettingValue {
            setting: *setting,
            value: rules.get(*setting),
            changed: rows
                .remove(setting.key())
                .map(|row| Change { by: row.changed_by, at: minute_text(row.changed_at) }),
        };
        Ok(Configuration {
            settings: Setting::ALL.iter().map(value).collect(),
            readiness: requirement::readiness(db, admin.account_id).await?,
        })
    }

    async fn save(&self, admin: &Session, setting: Setting, value: &str) -> Result<SettingValue, AppError> {
        // Alone, so that nobody takes away at this moment what the requirement rests on.
        let transaction = database::begin_alone(&self.0.db).await.map_err(failed)?;
        if setting == Setting::RequireAdminTwoFactor
            && !rules_in(&transaction).await?.is_on(setting)
            && number(setting, value)? != 0
            && let Some(obstacle) = requirement::obstacle(&transaction, admin.account_id).await?
        {
            return Err(AppError::refused(Refusal::CannotBeRequired(obstacle)));
        }
        let saved = put(&transaction, &self.0, Actor::Session(admin), setting, value).await?;
        transaction.commit().await.map_err(failed)?;
        Ok(saved)
    }
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
    let (by, now) = (actor.name().to_owned(), core.clock.now());
    let row = configuration::Model {
        key: setting.key().to_owned(),
        value: number.to_string(),
        changed_by: by.clone(),
        changed_at: now,
    };
    store::put(db, row).await.map_err(failed)?;
    let event = Event::new(Action::ConfigurationChanged, actor).to(setting.key());
    audit::record(db, core, event.with(format!("{before} to {number}"))).await?;
    Ok(SettingValue { setting, value: number, changed: Some(Change { by, at: minute_text(now) }) })
}
