//! How often codes may be sent and tried, as far as that is no setting. Times are seconds.

use super::{send::Target, store};
use crate::{accounts::factor::minutes_up, core::Core, entity::challenge, error::Error, platform::throttle};
use app::{
    caller::Origin,
    error::{AppError, Refusal},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// How often Send New Code works for an account: (window, messages).
pub const RESENDS: [(i64, i64); 3] = [(300, 3), (600, 5), (3_600, 15)];
/// How many codes go to one account or one destination, first ones included: (window, messages).
pub const MESSAGES: [(i64, i64); 2] = [(600, 20), (3_600, 60)];
/// How many codes one client address may ask for: (window, messages).
pub const MESSAGES_PER_ADDRESS: [(i64, i64); 1] = [(600, 200)];
/// Wrong codes from one client address in the window below; nobody's success clears them.
pub const FAILURES_PER_ADDRESS: i32 = 100;
/// How many of them one account adds at most, so that it does not lock its whole office.
pub const FAILURES_PER_ACCOUNT: i32 = 20;
/// That window.
pub const ADDRESS_WINDOW: i64 = 900;
/// How many text messages go to one number, whoever asks: (window, messages).
pub const TEXTS_PER_NUMBER: [(i64, i32); 2] = [(600, 6), (DAY, 30)];
/// How many go to the thousand numbers around it: (window, messages).
pub const TEXTS_PER_RANGE: [(i64, i32); 2] = [(3_600, 30), (DAY, 100)];
/// How many text messages for new entries go out for one account in a day.
pub const TEXTS_TO_ENROLL: i32 = 5;
/// How many of all kinds go out for one account in a day.
pub const TEXTS_PER_ACCOUNT: i32 = 20;
/// The window of a provider's daily ceiling.
pub const DAY: i64 = 86_400;

/// The counter of wrong answers from a client's address.
pub fn address_counter(origin: &Origin) -> String {
    format!("code-address:{}", origin.network())
}

/// Counts a wrong answer of an account at a client's address, up to the most that one account adds to it.
pub async fn count_at_address(core: &Core, origin: &Origin, account: Uuid, now: i64) -> Result<(), Error> {
    let counter = address_counter(origin);
    let share = throttle::count(&core.db, &format!("{counter}:{account}"), now, ADDRESS_WINDOW).await?;
    if share <= FAILURES_PER_ACCOUNT {
        throttle::count(&core.db, &counter, now, ADDRESS_WINDOW).await?;
    }
    Ok(())
}

/// Whether a client's address may still try, after so many wrong answers in the window.
///
/// # Errors
/// `FactorLocked`.
pub fn check_address(failures: i32) -> Result<(), AppError> {
    if failures < FAILURES_PER_ADDRESS {
        return Ok(());
    }
    Err(AppError::refused(Refusal::FactorLocked { minutes: minutes_up(ADDRESS_WINDOW) }))
}

/// Whether one more code may be sent.
///
/// # Errors
/// `TooManyCodes`.
pub async fn check_sending(
    db: &DatabaseTransaction,
    target: &Target,
    destination_key: &str,
    address: &str,
    resend: bool,
    now: i64,
) -> Result<(), AppError> {
    use challenge::Column::{AccountId, Address, DestinationKey};
    let check = async |column, value: sea_orm::Value, resends_only, limits: &[(i64, i64)]| {
        let windows: Vec<_> = limits.iter().map(|(window, _)| *window).collect();
        let sent = store::sent_within(db, column, value, resends_only, &windows, now).await?;
        for ((window, most), (count, oldest)) in limits.iter().zip(sent) {
            if count >= *most {
                let wait = oldest.unwrap_or(now) + window - now;
                return Err(AppError::refused(Refusal::TooManyCodes { minutes: minutes_up(wait) }));
            }
        }
        Ok(())
    };
    if resend {
        check(AccountId, target.account_id.into(), true, &RESENDS).await?;
    }
    check(AccountId, target.account_id.into(), false, &MESSAGES).await?;
    check(DestinationKey, destination_key.into(), false, &MESSAGES).await?;
    check(Address, address.into(), false, &MESSAGES_PER_ADDRESS).await
}
