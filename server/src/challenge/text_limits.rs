//! What keeps text messages from costing more than they should: who rents numbers and lets messages go to them shares
//! in what they cost.

use super::{
    limits::{DAY, TEXTS_PER_ACCOUNT, TEXTS_PER_NUMBER, TEXTS_PER_RANGE, TEXTS_TO_ENROLL},
    send::Target,
};
use crate::{
    core::Core,
    entity::service_provider,
    offers::{self, texts},
    platform::{phone, throttle},
};
use app::{
    challenge::types::Purpose,
    error::{AppError, Refusal},
};
use sea_orm::DatabaseTransaction;

/// Counts a text message to a number and refuses it where a limit is reached; a refused one does not count, because its
/// transaction is not committed.
///
/// # Errors
/// `Refused` with `CountryRefused`, `TooManyTexts` or `TextCeiling`.
pub async fn count_text(
    db: &DatabaseTransaction,
    core: &Core,
    provider: &service_provider::Model,
    target: &Target,
    to: &str,
) -> Result<(), AppError> {
    let settings = offers::provider::sms_settings(provider)?;
    // The list may have changed since the number was proved.
    if !texts::goes_to(&settings, to) {
        return Err(AppError::refused(Refusal::CountryRefused));
    }
    let now = core.clock.now();
    let limits = [("number", to, &TEXTS_PER_NUMBER), ("range", phone::range(to), &TEXTS_PER_RANGE)];
    for (what, value, limits) in limits {
        let key = core.vault.keyed_hash(&["text", what, value]);
        for (window, most) in limits {
            let key = format!("text-{what}-{window}:{key}");
            if throttle::count(db, &key, now, *window).await? > *most {
                let minutes = u32::try_from(window / 60).unwrap_or(u32::MAX);
                return Err(AppError::refused(Refusal::TooManyTexts { minutes }));
            }
        }
    }
    let account = target.account_id;
    let enrolls = target.purpose == Purpose::Enroll;
    let shares = [(true, "account", TEXTS_PER_ACCOUNT), (enrolls, "enroll", TEXTS_TO_ENROLL)];
    for (_, what, most) in shares.into_iter().filter(|(counts, ..)| *counts) {
        if throttle::count(db, &format!("text-{what}:{account}"), now, DAY).await? > most {
            let minutes = u32::try_from(DAY / 60).unwrap_or(u32::MAX);
            return Err(AppError::refused(Refusal::TooManyTexts { minutes }));
        }
    }
    if enrolls {
        // The other half is kept for those who sign in, and may have nothing but their phone.
        let enrolled = throttle::count(db, &format!("text-day-enroll:{}", provider.id), now, DAY).await?;
        if u32::try_from(enrolled).is_ok_and(|enrolled| enrolled > (settings.daily / 2).max(1)) {
            return Err(AppError::refused(Refusal::TextCeiling));
        }
    }
    if texts::is_one_too_many(db, provider.id, &settings, now).await? {
        return Err(AppError::refused(Refusal::TextCeiling));
    }
    Ok(())
}
