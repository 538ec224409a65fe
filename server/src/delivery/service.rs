//! The rules of listing deliveries: what is shown of a message, and never what it says.

use super::store::{self, Filter, Place};
use crate::{
    channel::mask,
    core::Core,
    entity::{delivery::Model, delivery_attempt, service_provider},
    platform::clock::second_text,
};
use app::{
    delivery::{
        port::DeliveryPort,
        types::{Addressee, Delivery, DeliveryAttempt, DeliveryList, DeliveryQuery, DeliveryState},
    },
    error::{AppError, DeliveryFailure},
    services::types::Channel,
    validate::EMAIL_MAX,
};
use async_trait::async_trait;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How many messages a page shows.
pub const PAGE: usize = 50;
/// How many messages an account's page shows.
const LAST: u64 = 5;

/// The messages of the outbox.
pub struct Deliveries(pub Arc<Core>);

#[async_trait]
impl DeliveryPort for Deliveries {
    async fn list(&self, query: &DeliveryQuery) -> Result<DeliveryList, AppError> {
        let filter = filter(query);
        let providers = store::providers(&self.0.db).await?;
        let (rows, newer, older) = self.page(&filter, query).await?;
        Ok(DeliveryList {
            newer: rows.first().filter(|_| newer).map(|row| row.id),
            older: rows.last().filter(|_| older).map(|row| row.id),
            deliveries: shown(&self.0, rows, &providers).await?,
            providers: providers.into_iter().map(|provider| (provider.id, provider.title)).collect(),
        })
    }
}

impl Deliveries {
    /// The rows of a page, and whether there are newer and older ones.
    async fn page(&self, filter: &Filter, query: &DeliveryQuery) -> Result<(Vec<Model>, bool, bool), AppError> {
        let now = self.0.clock.now();
        // One more than a page, to see whether there are any.
        let page = async |place| store::page(&self.0.db, filter, now, place, PAGE as u64 + 1).await;
        if let Ok(after) = query.after.parse() {
            let mut rows = page(Place::After(after)).await?;
            // Fewer are the beginning of the list, which is shown whole.
            if rows.len() > PAGE {
                rows.remove(0);
                return Ok((rows, true, true));
            }
        }
        let place = query.before.parse().map_or(Place::Newest, Place::Before);
        let mut rows = page(place).await?;
        let older = rows.len() > PAGE;
        rows.truncate(PAGE);
        Ok((rows, matches!(place, Place::Before(_)), older))
    }
}

/// The last messages for an account, newest first.
///
/// # Errors
/// When the database fails.
pub async fn last_of(core: &Core, account: Uuid) -> Result<Vec<Delivery>, AppError> {
    let rows = store::last_of(&core.db, account, LAST).await?;
    shown(core, rows, &store::providers(&core.db).await?).await
}

fn filter(query: &DeliveryQuery) -> Filter {
    Filter {
        state: query.state.parse().ok(),
        kind: query.kind.parse().ok(),
        provider: query.provider.parse().ok(),
        // No address has control characters, and PostgreSQL takes no NUL.
        person: query.person.trim().chars().filter(|c| !c.is_control()).take(EMAIL_MAX as usize).collect(),
    }
}

/// How far a message is.
pub const fn state_of(row: &Model, now: i64) -> DeliveryState {
    match (row.sent_at, row.failed_at, row.leased_until) {
        (Some(_), ..) => DeliveryState::Accepted,
        (None, Some(at), _) if at >= row.expires_at => DeliveryState::Expired,
        (None, Some(_), _) if row.failure.is_some() => DeliveryState::Failed,
        (None, Some(_), _) => DeliveryState::Dropped,
        (None, None, _) if row.retry_at.is_some() => DeliveryState::Retrying,
        (None, None, Some(until)) if until > now => DeliveryState::Sending,
        (None, None, _) => DeliveryState::Queued,
    }
}

async fn shown(
    core: &Core,
    rows: Vec<Model>,
    providers: &[service_provider::Model],
) -> Result<Vec<Delivery>, AppError> {
    let now = core.clock.now();
    let accounts = store::accounts_of(&core.db, &rows).await?;
    let mut attempts: HashMap<Uuid, Vec<delivery_attempt::Model>> = HashMap::new();
    for attempt in store::attempts_of(&core.db, &rows).await? {
        attempts.entry(attempt.delivery_id).or_default().push(attempt);
    }
    let provider = |id: Option<Uuid>| providers.iter().find(|provider| Some(provider.id) == id);
    let title = |id| provider(id).map(|provider| provider.title.clone());
    let delivery = |row: Model| {
        let attempts = attempts.remove(&row.id).unwrap_or_default();
        let attempt = |attempt: delivery_attempt::Model| DeliveryAttempt {
            time: second_text(attempt.ended_at),
            seconds: u32::try_from(attempt.ended_at - attempt.began_at).unwrap_or_default(),
            provider: title(attempt.service_id),
            failure: attempt.failure.map(|failure| masked(failure.0, &row.destination)),
        };
        let person = row.account_id.and_then(|id| accounts.get(&id));
        Delivery {
            id: row.id,
            time: second_text(row.created_at),
            kind: row.kind.0,
            person: person.map(|account| Addressee {
                id: account.id,
                audience: account.audience.0,
                email: account.email.clone(),
            }),
            destination: mask(&row.destination),
            by_text: provider(row.service_id)
                .map_or(row.destination.starts_with('+'), |provider| provider.kind.0 == Channel::Sms),
            provider: title(row.service_id),
            state: state_of(&row, now),
            moment: row.sent_at.or(row.failed_at).or(row.retry_at).map(second_text),
            attempts: attempts.into_iter().map(attempt).collect(),
        }
    };
    Ok(rows.into_iter().map(delivery).collect())
}

/// Servers repeat the address that they refuse.
fn masked(failure: DeliveryFailure, destination: &str) -> DeliveryFailure {
    let hide = |answer: String| answer.replace(destination, &mask(destination));
    DeliveryFailure { answer: failure.answer.map(hide), ..failure }
}
