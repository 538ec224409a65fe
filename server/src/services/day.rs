//! A provider's last day, and whom it serves.

use super::store;
use crate::{
    core::Core,
    platform::clock::{minute_text, second_text},
};
use app::{
    error::AppError,
    services::day::{Hour, ProviderDay, SlowAttempt, Use},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// As many hours as are shown.
const HOURS: i64 = 24;
/// As many slow attempts.
const SLOWEST: u64 = 3;

/// A provider's last day: this hour and those before.
///
/// # Errors
/// When the database fails.
pub(super) async fn of(core: &Core, id: Uuid) -> Result<ProviderDay, AppError> {
    let this_hour = core.clock.now().div_euclid(HOUR) * HOUR;
    let from = this_hour - (HOURS - 1) * HOUR;
    let accepted = store::attempts_by_slot(&core.db, id, from, HOUR, false).await?;
    let failed = store::attempts_by_slot(&core.db, id, from, HOUR, true).await?;
    let count =
        |counts: &HashMap<i64, i64>, n| u32::try_from(counts.get(&n).copied().unwrap_or_default()).unwrap_or(u32::MAX);
    let hours = (0..HOURS).map(|n| Hour {
        time: minute_text(from + n * HOUR),
        accepted: count(&accepted, n),
        failed: count(&failed, n),
    });
    let slowest = store::slowest_attempts(&core.db, id, from, SLOWEST).await?;
    let slowest = slowest.into_iter().map(|attempt| SlowAttempt {
        time: second_text(attempt.ended_at),
        seconds: u32::try_from(attempt.ended_at - attempt.began_at).unwrap_or_default(),
        accepted: attempt.failure.is_none(),
    });
    let used_by = store::uses(&core.db, id).await?;
    let people = store::people_by_auth(&core.db, used_by.iter().map(|auth| auth.id)).await?;
    let used_by = used_by.into_iter().map(|auth| Use {
        id: auth.id,
        fallback: auth.service_id != id,
        people: count_of(&people, auth.id),
        title: auth.title,
    });
    Ok(ProviderDay { hours: hours.collect(), slowest: slowest.collect(), used_by: used_by.collect() })
}

fn count_of(people: &HashMap<Uuid, i64>, auth: Uuid) -> u32 {
    u32::try_from(people.get(&auth).copied().unwrap_or_default()).unwrap_or(u32::MAX)
}
