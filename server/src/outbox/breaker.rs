//! A breaker: a provider that is down, or refuses our sign-in, is taken out for all messages of all servers, tried again
//! by one message now and then, and comes back by itself. So no flood of sign-ins with a wrong password reaches it, and
//! nobody waits for what does not answer.

use super::{alert, attempt::Try, breaker_store as store};
use crate::{
    core::Core,
    entity::{breaker, service_provider},
    offers,
    platform::clock::minute_text,
};
use app::{
    delivery::message::{Paused, paused_message},
    error::{AppError, DeliveryFailure, DeliveryFailureKind},
    language::types::Language,
    ui::messages,
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;
use uuid::Uuid;

/// As many failures in a row take a provider out.
pub const FAILURES: i32 = 3;
/// Seconds until one message tries it again; each further pause is twice as long, up to the longest.
pub const PAUSE: i64 = 30;
/// The longest such pause, in seconds.
pub const LONGEST_PAUSE: i64 = 900;
/// Seconds that the one message has for its try, before another one may.
const TRIAL: i64 = 60;
/// A provider that has kept a message waiting for so many seconds without an answer is down; less may be the end of the
/// message's own time.
const HANGS: i64 = 30;
/// Seconds between two notices about the same provider.
const QUIET: i64 = 3_600;

/// Whether a message may take a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It may.
    Open,
    /// It is the one message that tries whether the provider is back.
    Trial,
    /// The provider is out.
    Closed,
}

/// Whether a message may take a provider now.
///
/// # Errors
/// When the database fails.
pub async fn way(core: &Core, provider: Uuid) -> Result<Way, AppError> {
    let now = core.clock.now();
    let Some(row) = store::of(&core.db, provider).await?.filter(|row| row.down_since.is_some()) else {
        return Ok(Way::Open);
    };
    if row.retry_at.is_some_and(|at| at > now) {
        return Ok(Way::Closed);
    }
    Ok(if store::take_trial(&core.db, provider, now, now + TRIAL).await? { Way::Trial } else { Way::Closed })
}

/// Notes how providers did.
///
/// # Errors
/// When the database fails.
pub(super) async fn note(db: &impl ConnectionTrait, core: &Core, mut tries: Vec<&Try>) -> Result<(), AppError> {
    // In one order for all, so that no two transactions wait for each other.
    tries.sort_by_key(|tried| tried.service_id);
    // That it is back is said once.
    tries.dedup_by(|next, last| next.service_id == last.service_id && answers(next) && answers(last));
    for tried in tries {
        note_one(db, core, tried).await?;
    }
    Ok(())
}

async fn note_one(db: &impl ConnectionTrait, core: &Core, attempt: &Try) -> Result<(), AppError> {
    let (Some(provider), Some(way)) = (attempt.service_id, attempt.way) else { return Ok(()) };
    match &attempt.failure {
        Some(failure) if is_down(failure.kind, attempt) => {
            let now = core.clock.now();
            let row = store::count_failure(db, provider, failure).await?;
            if row.down_since.is_none() && row.failures >= FAILURES {
                if store::take_out(db, provider, now, PAUSE).await? {
                    tell(db, core, &row, failure).await?;
                }
            } else if way == Way::Trial {
                let pause = (row.pause * 2).min(LONGEST_PAUSE);
                store::put_off(db, provider, now + pause, pause).await?;
            }
            Ok(())
        }
        _ if answers(attempt) => Ok(store::take_back(db, provider).await?),
        // Neither did it answer, nor is it known to be down.
        _ => Ok(()),
    }
}

/// Whether the provider answered, whatever it said, and took our sign-in.
fn answers(attempt: &Try) -> bool {
    let silent = |kind| matches!(kind, DeliveryFailureKind::TimedOut | DeliveryFailureKind::Inactive);
    let failure = attempt.failure.as_ref().map(|failure| failure.kind);
    attempt.way.is_some() && failure.is_none_or(|kind| !silent(kind) && !is_down(kind, attempt))
}

/// Whether a failure is about the provider itself, and any other message would meet it as well.
const fn is_down(kind: DeliveryFailureKind, attempt: &Try) -> bool {
    match kind {
        DeliveryFailureKind::Unreachable
        | DeliveryFailureKind::Tls
        | DeliveryFailureKind::Authentication
        | DeliveryFailureKind::NoSignIn
        | DeliveryFailureKind::TokenUnreachable
        | DeliveryFailureKind::ClientRefused
        | DeliveryFailureKind::GrantRefused
        | DeliveryFailureKind::AccessRefused => true,
        DeliveryFailureKind::TimedOut => attempt.ended_at - attempt.began_at >= HANGS,
        _ => false,
    }
}

/// Tells the administrators, by another provider where there is one, and not again and again.
async fn tell(
    db: &impl ConnectionTrait,
    core: &Core,
    row: &breaker::Model,
    failure: &DeliveryFailure,
) -> Result<(), AppError> {
    let now = core.clock.now();
    let Some(provider) = offers::store::provider(db, row.service_id).await? else { return Ok(()) };
    tracing::warn!(provider = provider.title, failure = ?failure.kind, "a service provider is paused after failures in a row");
    if row.told_at.is_some_and(|at| at + QUIET > now) {
        return Ok(());
    }
    store::note_told(db, row.service_id, now).await?;
    let mail = offers::store::active_mail_providers(db).await?;
    let other = mail.iter().map(|other| other.id).find(|other| *other != row.service_id);
    let write = |language: Language| {
        paused_message(&Paused {
            language,
            brand: &core.brand.name(),
            title: &provider.title,
            reason: &language.speak(|| reason(&provider, failure)),
            time: &minute_text(now),
        })
    };
    alert::tell_by(db, core, &write, other).await
}

fn reason(provider: &service_provider::Model, failure: &DeliveryFailure) -> String {
    if provider.kind.0 == app::services::types::Channel::Sms {
        messages::text_delivery_admin(failure.kind)
    } else {
        messages::delivery_admin(failure.kind)
    }
}

/// The providers that are out.
///
/// # Errors
/// When the database fails.
pub async fn all_out(db: &impl ConnectionTrait) -> Result<HashMap<Uuid, breaker::Model>, AppError> {
    Ok(store::all_out(db).await?.into_iter().map(|row| (row.service_id, row)).collect())
}

/// Lets a provider begin anew, whose settings were changed or that was switched on.
///
/// # Errors
/// When the database fails.
pub async fn begin_anew(db: &impl ConnectionTrait, provider: Uuid) -> Result<(), AppError> {
    Ok(store::take_back(db, provider).await?)
}
