//! Sending a text message to the one who edits it: to their own number, or where they have none to one that they type, by the
//! first service provider that may send there. It costs what every text message costs, and is counted so.

use super::service::{SAMPLES, WINDOW};
use crate::{
    audit::{self, Actor},
    challenge::trail,
    core::Core,
    entity::service_provider,
    entries,
    offers::{
        provider::{SmsProvider, secret_of, sms_settings},
        store::active_providers,
        texts,
    },
    platform::{phone, throttle},
    providers::while_watched,
};
use app::{
    audit::types::Action,
    caller::Session,
    error::{AppError, DeliveryFailure, DeliveryFailureKind, Problem, Refusal},
    language::types::Language,
    message_templates::{names, types::Message},
    services::types::Channel,
};

/// The number that an administrator gets codes at.
pub async fn own_number(core: &Core, admin: &Session) -> Result<Option<String>, AppError> {
    let entries = entries::store::usable(&core.db, admin.account_id).await?;
    Ok(entries.into_iter().filter(|entry| entry.kind == Channel::Sms).find_map(|entry| entry.destination))
}

/// Sends a message that is filled in.
///
/// # Errors
/// `Invalid` for a number that cannot be used, `TooManyMessages`, `TextCeiling`, `TextNotDelivered`.
pub async fn send(
    core: &Core,
    admin: &Session,
    (language, message): (Language, Message),
    text: &str,
    typed: &str,
) -> Result<(), AppError> {
    let to = match own_number(core, admin).await? {
        Some(number) => number,
        None => phone::parse_international(typed).map_err(|problem| AppError::field("number", problem))?.e164,
    };
    let (provider, settings) = provider_for(core, &to).await?;
    let now = core.clock.now();
    throttle::limit(&core.db, &format!("template-samples:{}", admin.account_id), now, WINDOW, SAMPLES).await?;
    if texts::is_one_too_many(&core.db, provider.id, &settings, now).await? {
        return Err(AppError::refused(Refusal::TextCeiling));
    }
    let secret = secret_of(&core.db, &core.vault, &provider).await?;
    let sent = while_watched(core.sms.send(&settings.via, secret.as_deref(), &to, text)).await;
    let details = format!("{}, {}", language.as_str(), phone::mask(&to));
    let event = trail::tried(Action::TemplateSent, Actor::Session(admin), details, &sent);
    // The audit log speaks English.
    let name = Language::En.speak(|| names::message(message));
    audit::record(&core.db, core, event.to(&name)).await?;
    sent.map_err(|failure| AppError::refused(Refusal::TextNotDelivered(failure)))
}

/// The first provider that sends to a number's country.
async fn provider_for(core: &Core, to: &str) -> Result<(service_provider::Model, SmsProvider), AppError> {
    let providers = active_providers(&core.db, Channel::Sms).await?;
    if providers.is_empty() {
        let failure = DeliveryFailure { kind: DeliveryFailureKind::Inactive, answer: None };
        return Err(AppError::refused(Refusal::TextNotDelivered(failure)));
    }
    for provider in providers {
        let settings = sms_settings(&provider)?;
        if texts::goes_to(&settings, to) {
            return Ok((provider, settings));
        }
    }
    Err(AppError::field("number", Problem::CountryNotAllowed))
}
