//! The server functions of service providers, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::{
    day::ProviderDay,
    sms::{SmsForm, SmsService, Vendor},
    types::{AnyService, Channel, Saved, Service, SmtpForm},
};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::{
        presets::Preset,
        routes::{NEW_SERVICE_PATH, SERVICES_PATH, service_path},
    },
    crate::{
        caller::{is_plain_form, serve},
        login::types::Audience,
        ports::Deleted,
        validate::{parse_id, parse_optional_id},
    },
    leptos_router::location::Url,
    uuid::Uuid,
};

/// All providers.
#[server(endpoint = "services/list")]
pub async fn list_services() -> Result<Vec<Service>, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.services.list().await
    })
    .await
}

/// A provider for its form.
#[server(endpoint = "services/get")]
pub async fn get_service(id: String) -> Result<AnyService, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.services.get(parse_id(&id)?).await
    })
    .await
}

/// What a provider did in the last day, and whom it serves.
#[server(endpoint = "services/day")]
pub async fn get_service_day(id: String) -> Result<ProviderDay, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.services.day(parse_id(&id)?).await
    })
    .await
}

/// The defaults of a new provider of a channel, for its form.
#[server(endpoint = "services/new")]
pub async fn new_service(kind: Channel) -> Result<AnyService, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        let services = ports.services;
        match kind {
            Channel::Smtp => services.new_smtp().await.map(AnyService::Smtp),
            Channel::Sms => services.new_sms(Vendor::Gateway).await.map(AnyService::Sms),
            Channel::Authenticator | Channel::Passkey => services.new_plain(kind).await,
        }
    })
    .await
}

/// Stores a provider that has nothing but a title.
#[server(endpoint = "services/save_plain")]
pub async fn save_plain_service(id: String, kind: Channel, title: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let id = parse_optional_id(&id)?;
        let saved = ports.services.save_plain(admin, id, kind, &title).await;
        saved.map_err(|e| e.with_typed(&[("title", &title)]))?;
        leptos_axum::redirect(&format!("{SERVICES_PATH}?done=saved"));
        Ok(())
    })
    .await
}

/// Stores the form, or sends a test message with what is in it where `test` is set.
#[server(endpoint = "services/save")]
pub async fn save_service(id: String, form: SmtpForm, test: Option<String>) -> Result<Saved, AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let id = parse_optional_id(&id)?;
        let done = if test.is_some() {
            let sent = ports.services.test_smtp(admin, id, &form).await;
            sent.map(|()| after_test(id, "smtp", &form.typed(), &admin.email))
        } else {
            ports.services.save_smtp(admin, id, &form).await.map(|()| after_saving())
        };
        done.map_err(|e| e.with_typed(&form.typed()))
    })
    .await
}

/// Leads a new form back to itself with what is known of a mail service filled in, beside what was typed.
#[server(endpoint = "services/preset")]
pub async fn fill_preset(preset: String, form: SmtpForm) -> Result<(), AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        let preset = preset.parse::<Preset>().map_err(|()| AppError::NotFound)?;
        let before = ports.services.new_smtp().await?.form;
        let filled = preset.fill(form, &before);
        leptos_axum::redirect(&format!(
            "{NEW_SERVICE_PATH}/smtp?done=preset&preset={}{}",
            preset.as_str(),
            in_address(&filled.typed())
        ));
        Ok(())
    })
    .await
}

/// The defaults of a new provider of text messages, for its form.
#[server(endpoint = "services/new_sms")]
pub async fn new_sms_service(vendor: Vendor) -> Result<SmsService, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        ports.services.new_sms(vendor).await
    })
    .await
}

/// Stores the form of a provider of text messages, or sends a message with what is in it where `test` is set.
#[server(endpoint = "services/save_sms")]
pub async fn save_sms_service(id: String, form: SmsForm, test: Option<String>) -> Result<Saved, AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let id = parse_optional_id(&id)?;
        let done = if test.is_some() {
            let sent = ports.services.test_sms(admin, id, &form).await;
            sent.map(|()| after_test(id, &format!("sms/{}", form.vendor), &form.typed(), &form.test_to))
        } else {
            ports.services.save_sms(admin, id, &form).await.map(|()| after_saving())
        };
        done.map_err(|e| e.with_typed(&form.typed()))
    })
    .await
}

/// Leads back to the list once the form is stored.
#[cfg(feature = "ssr")]
fn after_saving() -> Saved {
    leptos_axum::redirect(&format!("{SERVICES_PATH}?done=saved"));
    Saved::Stored
}

/// Leads a plain form back to itself after a test, with what was typed. A form that is not stored yet has the address
/// of `new`.
#[cfg(feature = "ssr")]
fn after_test(id: Option<Uuid>, new: &str, typed: &[(&str, &str)], to: &str) -> Saved {
    if is_plain_form() {
        let page = id.map_or_else(|| format!("{NEW_SERVICE_PATH}/{new}"), service_path);
        leptos_axum::redirect(&format!("{page}?done=test_sent&to={}{}", Url::escape(to), in_address(typed)));
    }
    Saved::TestSent(to.to_owned())
}

/// What was typed, for the end of an address.
#[cfg(feature = "ssr")]
fn in_address(typed: &[(&str, &str)]) -> String {
    typed.iter().map(|(name, value)| format!("&{name}={}", Url::escape(value))).collect()
}

/// Allows or stops the use of a provider. Asks for confirmation first where people receive codes through it.
#[server(endpoint = "services/set_active")]
pub async fn set_service_active(id: String, active: bool, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let id = parse_id(&id)?;
        let services = ports.services;
        if !active && confirmed.is_none() && services.check_stop(id).await? > 0 {
            leptos_axum::redirect(&format!("{SERVICES_PATH}/{id}/deactivate"));
            return Ok(());
        }
        services.set_active(admin, id, active).await?;
        leptos_axum::redirect(&format!("{SERVICES_PATH}?done={}", if active { "activated" } else { "deactivated" }));
        Ok(())
    })
    .await
}

/// Removes a provider that nothing uses, with its settings and its secret. Asks for confirmation first.
#[server(endpoint = "services/delete")]
pub async fn delete_service(id: String, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.stepped_up(Audience::Admin)?;
        let id = parse_id(&id)?;
        match ports.services.delete(admin, id, confirmed.is_some()).await? {
            Deleted::Done => leptos_axum::redirect(&format!("{SERVICES_PATH}?done=deleted")),
            Deleted::NeedsConfirmation => leptos_axum::redirect(&format!("{SERVICES_PATH}/{id}/delete")),
        }
        Ok(())
    })
    .await
}
