//! The server functions of settings, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::types::{Configuration, SettingValue};
use crate::error::AppError;
use leptos::prelude::*;
use std::collections::HashMap;

#[cfg(feature = "ssr")]
use {
    super::{routes::CONFIGURATION_PATH, types::Setting},
    crate::{
        caller::{is_plain_form, serve},
        login::types::Audience,
    },
};

/// Leads a plain form back to the rows that the page was searched for, and says which were saved.
#[cfg(feature = "ssr")]
fn lead_back(q: Option<String>, saved: &str) {
    if is_plain_form() {
        let q = leptos_router::location::Url::escape(&q.unwrap_or_default());
        leptos_axum::redirect(&format!("{CONFIGURATION_PATH}?q={q}&saved={saved}"));
    }
}

/// All settings with their values.
#[server(endpoint = "configuration/list")]
pub async fn get_configuration() -> Result<Configuration, AppError> {
    serve(async |caller, ports| ports.configuration.list(caller.signed_in(Audience::Admin)?).await).await
}

/// Stores a value. `q` is what the page was searched for.
#[server(endpoint = "configuration/save")]
pub async fn save_setting(key: String, value: String, q: Option<String>) -> Result<SettingValue, AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let setting: Setting = key.parse().map_err(|()| AppError::NotFound)?;
        let saved = ports.configuration.save(admin, setting, &value).await;
        let saved = saved.map_err(|e| e.with_typed(&[("key", &key), ("value", &value)]))?;
        lead_back(q, &format!("{key}#{key}"));
        Ok(saved)
    })
    .await
}

/// Stores several values, each by itself: what is refused holds up none of the others. Tells of the first that was.
#[server(endpoint = "configuration/save_all")]
pub async fn save_settings(values: HashMap<String, String>, q: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        if !values.keys().all(|key| key.parse::<Setting>().is_ok()) {
            return Err(AppError::NotFound);
        }
        let (mut saved, mut refused) = (Vec::new(), None);
        for setting in Setting::ALL {
            let key = setting.key();
            let Some(value) = values.get(key) else { continue };
            match ports.configuration.save(admin, *setting, value).await {
                Ok(_) => saved.push(key),
                Err(error) => refused = refused.or(Some(error.with_typed(&[("key", key), ("value", value)]))),
            }
        }
        if let Some(error) = refused {
            return Err(error);
        }
        lead_back(q, &saved.join(","));
        Ok(())
    })
    .await
}
