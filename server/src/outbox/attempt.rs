//! One attempt to hand a message over: to the first provider of its chain that takes it.

use super::{
    breaker::{self, Way},
    service::{LEASE, place},
    store,
};
use crate::{
    core::Core,
    entity::{challenge, delivery, service_provider},
    error::{Error, internal},
    offers,
    providers::Mail,
};
use app::{
    delivery::message::MessageText,
    error::{AppError, DeliveryFailure, DeliveryFailureKind},
};
use std::{pin::pin, time::Duration};
use tokio::time::timeout;
use uuid::Uuid;

/// What a provider of an attempt's chain did.
#[derive(Clone, Debug)]
pub struct Try {
    /// The provider, where there was one.
    pub service_id: Option<Uuid>,
    /// When it was begun, in Unix seconds.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: i64,
    /// The way to it; nothing where it was not asked.
    pub way: Option<Way>,
    /// Why it failed, if it did.
    pub failure: Option<DeliveryFailure>,
}

/// How an attempt went.
pub struct Attempt {
    /// What its providers did, in their order.
    pub tries: Vec<Try>,
    /// The provider that counts: the one that took it, or whose failure is told.
    pub service_id: Option<Uuid>,
    /// Why the message was not handed over.
    pub result: Result<(), DeliveryFailure>,
}

/// The providers of a code: that of its secondary auth, then those that stand in for it.
///
/// # Errors
/// When the database fails.
pub async fn chain_of_code(
    core: &Core,
    challenge: &challenge::Model,
) -> Result<Vec<service_provider::Model>, AppError> {
    let Some(offer) = offers::store::offer(&core.db, challenge.secondary_auth_id).await? else { return Ok(Vec::new()) };
    let mut chain = vec![offer.service];
    chain.extend(offers::store::fallbacks(&core.db, challenge.secondary_auth_id).await?);
    // Whoever is enrolled proved an address of this kind.
    chain.retain(|provider| provider.active && provider.kind == challenge.kind);
    Ok(chain)
}

/// The providers of any other message: at first the one that it was given, if any; then all that send mail.
///
/// # Errors
/// When the database fails.
pub async fn chain_of_mail(core: &Core, message: &delivery::Model) -> Result<Vec<service_provider::Model>, AppError> {
    let mut chain = offers::store::active_mail_providers(&core.db).await?;
    if message.attempts <= 1
        && let Some(own) = chain.iter().position(|provider| Some(provider.id) == message.service_id)
    {
        chain[..=own].rotate_right(1);
    }
    Ok(chain)
}

/// Hands a message over to the first provider that takes it. As soon as it may have left, no other one gets it.
pub async fn attempt(core: &Core, message: &delivery::Model, chain: &[service_provider::Model]) -> Attempt {
    let mut tries: Vec<Try> = Vec::new();
    for provider in chain {
        let tried = try_by(core, message, provider, tries.is_empty()).await;
        let over = tried.failure.as_ref().is_none_or(|failure| !failure.kind.leaves_it_to_others());
        tries.push(tried);
        if over {
            break;
        }
    }
    if tries.is_empty() {
        let (now, failure) = (core.clock.now(), Some(failed(DeliveryFailureKind::Inactive, None)));
        tries.push(Try { service_id: message.service_id, began_at: now, ended_at: now, way: None, failure });
    }
    let Try { service_id, failure, .. } = decisive(&tries).clone();
    if let Some(failure) = &failure {
        tracing::warn!(delivery = %message.id, kind = message.kind.0.as_str(), failure = ?failure.kind, answer = failure.answer, "message not delivered");
    }
    Attempt { tries, service_id, result: failure.map_or(Ok(()), Err) }
}

/// Which of the tries tells how the attempt went: one that may have sent it; else one that asks for another attempt; else
/// the last one that was really made.
fn decisive(tries: &[Try]) -> &Try {
    let is = |tried: &Try, kind| tried.failure.as_ref().is_some_and(|failure| failure.kind == kind);
    let last = &tries[tries.len() - 1];
    if last.failure.is_none() || is(last, DeliveryFailureKind::TimedOut) {
        return last;
    }
    let deferred = tries.iter().find(|tried| is(tried, DeliveryFailureKind::Deferred));
    deferred.or_else(|| tries.iter().rfind(|tried| !is(tried, DeliveryFailureKind::Paused))).unwrap_or(last)
}

async fn try_by(core: &Core, message: &delivery::Model, provider: &service_provider::Model, first: bool) -> Try {
    let began_at = core.clock.now();
    let not_asked = |kind, answer| (None, Some(failed(kind, answer)));
    let (way, failure) = hold(core, message, async {
        // What is known of it may be unreadable; then it is tried.
        let way = breaker::way(core, provider.id).await.unwrap_or(Way::Open);
        if way == Way::Closed {
            return not_asked(DeliveryFailureKind::Paused, None);
        }
        // The first one may send it, or no code would have been made.
        if !first && let Some(answer) = offers::texts::refusal(core, provider, &message.destination).await {
            return not_asked(DeliveryFailureKind::Refused, Some(answer));
        }
        (Some(way), hand_over(core, provider, message).await.err())
    })
    .await;
    Try { service_id: Some(provider.id), began_at, ended_at: core.clock.now(), way, failure }
}

fn failed(kind: DeliveryFailureKind, answer: Option<String>) -> DeliveryFailure {
    DeliveryFailure { kind, answer }
}

/// Keeps a message in this server's hand while something is done with it.
pub async fn hold<T>(core: &Core, message: &delivery::Model, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    loop {
        if let Ok(done) = timeout(core.outbox.renewal, &mut work).await {
            return done;
        }
        // Both side by side: the work may have been given the connection that this waits for.
        let mut renewing = pin!(renew(core, message));
        tokio::select! {
            () = &mut renewing => {}
            done = &mut work => {
                renewing.await;
                return done;
            }
        }
    }
}

async fn renew(core: &Core, message: &delivery::Model) {
    if let Err(error) = store::renew(&core.db, message, core.clock.now() + LEASE).await {
        tracing::warn!(delivery = %message.id, %error, "a message in hand could not be kept there");
    }
}

async fn hand_over(
    core: &Core,
    provider: &service_provider::Model,
    message: &delivery::Model,
) -> Result<(), DeliveryFailure> {
    let text = open(core, message).await.map_err(|_| failed(DeliveryFailureKind::Inactive, None))?;
    let worth = u64::try_from(message.expires_at - core.clock.now()).unwrap_or_default();
    let logo = core.brand.logo();
    let mail = Mail {
        id: message.id,
        written_at: message.created_at,
        worth: Duration::from_secs(worth),
        to: &message.destination,
        text: &text,
        logo: logo.as_deref(),
    };
    offers::provider::send(core, provider, &mail).await
}

/// A message's text, which is encrypted at rest.
async fn open(core: &Core, message: &delivery::Model) -> Result<MessageText, AppError> {
    let sealed = message.body.as_deref().ok_or_else(|| Error::broken("a message without a body"))?;
    let body = core.vault.open_sealed(&core.db, &place(message.id), sealed).await.map_err(Error::from)?;
    serde_json::from_str(&body).map_err(internal)
}
