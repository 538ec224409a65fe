//! The server functions of service providers, for administrators.
#![allow(missing_docs, reason = "the macro makes a struct of each function's parameters")]

use super::{
    sms::{SmsForm, SmsService, Vendor},
    types::{AnyService, Kind, Saved, Service, SmtpForm},
};
use crate::error::AppError;
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use {
    super::routes::SERVICES_PATH,
    crate::{
        caller::{is_plain_form, serve},
        login::types::Audience,
    },
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
        ports.services.get(id.parse().map_err(|_| AppError::NotFound)?).await
    })
    .await
}

/// The defaults of a new provider of a kind, for its form.
#[server(endpoint = "services/new")]
pub async fn new_service(kind: Kind) -> Result<AnyService, AppError> {
    serve(async |caller, ports| {
        caller.signed_in(Audience::Admin)?;
        let services = ports.services;
        match kind {
            Kind::Smtp => services.new_smtp().await.map(AnyService::Smtp),
            Kind::Sms => services.new_sms(Vendor::Gateway).await.map(AnyService::Sms),
            Kind::Authenticator | Kind::Passkey => services.new_plain(kind).await,
        }
    })
    .await
}

/// Stores a provider that has nothing but a title.
#[server(endpoint = "services/save_plain")]
pub async fn save_plain_service(id: String, kind: Kind, title: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| AppError::NotFound)?) };
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
        let admin = caller.signed_in(Audience::Admin)?;
        let services = ports.services;
        let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| AppError::NotFound)?) };
        if test.is_some() {
            services.test_smtp(admin, id, &form).await.map_err(|e| e.with_typed(&form.typed()))?;
            if is_plain_form() {
                leptos_axum::redirect(&after_test(id, &form));
            }
            return Ok(Saved::TestSent(admin.email.clone()));
        }
        services.save_smtp(admin, id, &form).await.map_err(|e| e.with_typed(&form.typed()))?;
        leptos_axum::redirect(&format!("{SERVICES_PATH}?done=saved"));
        Ok(Saved::Stored)
    })
    .await
}

/// Where a plain form goes after a successful test: back to itself, with what was typed.
#[cfg(feature = "ssr")]
fn after_test(id: Option<uuid::Uuid>, form: &SmtpForm) -> String {
    let page = id.map_or_else(|| "new/smtp".to_owned(), |id| id.to_string());
    let typed = form.typed().map(|(name, value)| format!("&{name}={}", leptos_router::location::Url::escape(value)));
    format!("{SERVICES_PATH}/{page}?done=test_sent{}", typed.concat())
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
        let admin = caller.signed_in(Audience::Admin)?;
        let services = ports.services;
        let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| AppError::NotFound)?) };
        if test.is_some() {
            services.test_sms(admin, id, &form).await.map_err(|e| e.with_typed(&form.typed()))?;
            if is_plain_form() {
                let page = id.map_or_else(|| format!("new/sms/{}", form.vendor), |id: uuid::Uuid| id.to_string());
                leptos_axum::redirect(&back_with(&page, &form.typed()));
            }
            return Ok(Saved::TestSent(form.test_to.clone()));
        }
        services.save_sms(admin, id, &form).await.map_err(|e| e.with_typed(&form.typed()))?;
        leptos_axum::redirect(&format!("{SERVICES_PATH}?done=saved"));
        Ok(Saved::Stored)
    })
    .await
}

/// The form's own page after a successful test, with what was typed.
#[cfg(feature = "ssr")]
fn back_with(page: &str, typed: &[(&str, &str)]) -> String {
    let escape = leptos_router::location::Url::escape;
    let typed: String = typed.iter().map(|(name, value)| format!("&{name}={}", escape(value))).collect();
    format!("{SERVICES_PATH}/{page}?done=test_sent{typed}")
}

/// Allows or stops the use of a provider; asks for confirmation before people's codes stop with it.
#[server(endpoint = "services/set_active")]
pub async fn set_service_active(id: String, active: bool, confirmed: Option<String>) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        let id = id.parse().map_err(|_| AppError::NotFound)?;
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

/// Removes a provider that nothing uses.
#[server(endpoint = "services/delete")]
pub async fn delete_service(id: String) -> Result<(), AppError> {
    serve(async |caller, ports| {
        let admin = caller.signed_in(Audience::Admin)?;
        ports.services.delete(admin, id.parse().map_err(|_| AppError::NotFound)?).await?;
        leptos_axum::redirect(&format!("{SERVICES_PATH}?done=deleted"));
        Ok(())
    })
    .await
}
