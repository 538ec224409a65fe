//! What a provider of text messages may send, also where it stands in for another one: to which countries, and how many
//! a day.

use super::provider::{SmsProvider, sms_settings};
use crate::{
    core::Core,
    entity::service_provider,
    error::Error,
    platform::{phone, throttle},
};
use app::services::types::Channel;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Whether a provider sends to the country of a number.
pub fn goes_to(settings: &SmsProvider, to: &str) -> bool {
    phone::country_of(to).is_some_and(|found| settings.countries.iter().any(|country| country == found))
}

/// Counts a text message of the day. Tells whether it is one too many.
///
/// # Errors
/// When the database fails.
pub async fn is_one_too_many(
    db: &impl ConnectionTrait,
    provider: Uuid,
    settings: &SmsProvider,
    now: i64,
) -> Result<bool, Error> {
    let sent = throttle::count(db, &format!("text-day:{provider}"), now, DAY).await?;
    Ok(u32::try_from(sent).is_ok_and(|sent| sent > settings.daily))
}

/// Why a provider that stands in for another one does not get a message, in words for administrators. Counts it.
pub async fn refusal(core: &Core, provider: &service_provider::Model, to: &str) -> Option<String> {
    if provider.kind.0 != Channel::Sms {
        return None;
    }
    let allowed = async {
        let settings = sms_settings(provider)?;
        if !goes_to(&settings, to) {
            return Ok(Some("this service provider may not send to that country"));
        }
        let over = is_one_too_many(&core.db, provider.id, &settings, core.clock.now()).await?;
        Ok::<_, Error>(over.then_some("this service provider has sent all that it may send today"))
    };
    allowed.await.unwrap_or(Some("its settings or its counter cannot be read")).map(str::to_owned)
}
