//! Queries that list deliveries.

use crate::{
    entity::{
        account,
        delivery::{Column, Entity, Model},
        delivery_attempt, service_provider,
        stored::Stored,
    },
    error::Error,
};
use app::{
    delivery::types::{DeliveryState, MessageKind},
    login::types::Audience,
    services::types::Channel,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, Func, SimpleExpr},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Which messages are asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// How far they are.
    pub state: Option<DeliveryState>,
    /// What they are about.
    pub kind: Option<MessageKind>,
    /// The provider that has or had them last.
    pub provider: Option<Uuid>,
    /// How the address of a person, or where they go, begins.
    pub person: String,
}

/// Where a page begins.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// The newest messages.
    Newest,
    /// Those before one.
    Before(Uuid),
    /// Those after one, the nearest ones.
    After(Uuid),
}

/// A page of messages, newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    filter: &Filter,
    now: i64,
    place: Place,
    most: u64,
) -> Result<Vec<Model>, Error> {
    let wanted = Entity::find()
        .filter(
            Condition::all()
                .add_option(filter.state.map(|state| is(state, now)))
                .add_option(filter.kind.map(|kind| Column::Kind.eq(Stored(kind))))
                .add_option(filter.provider.map(|provider| Column::ServiceId.eq(provider))),
        )
        .limit(most);
    let wanted = match place {
        Place::Newest => wanted.order_by_desc(Column::Id),
        Place::Before(id) => wanted.filter(Column::Id.lt(id)).order_by_desc(Column::Id),
        Place::After(id) => wanted.filter(Column::Id.gt(id)).order_by_asc(Column::Id),
    };
    let mut rows = Vec::new();
    if filter.person.is_empty() {
        rows = wanted.all(db).await?;
    } else {
        // One query a way to find it, so that each has its index.
        for person in [goes_to(&filter.person), is_for(&filter.person)] {
            rows.extend(wanted.clone().filter(person).all(db).await?);
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if matches!(place, Place::After(..)) {
        rows.drain(..rows.len().saturating_sub(most));
    } else {
        rows.truncate(most);
    }
    Ok(rows)
}

/// The same as `state_of` says of a row.
fn is(state: DeliveryState, now: i64) -> Condition {
    let open = || Condition::all().add(Column::SentAt.is_null()).add(Column::FailedAt.is_null());
    let in_hand = || Column::LeasedUntil.gt(now);
    let free = || Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lte(now));
    let over = || Condition::all().add(Column::FailedAt.is_not_null());
    let in_time = || Expr::col(Column::FailedAt).lt(Expr::col(Column::ExpiresAt));
    match state {
        DeliveryState::Queued => open().add(Column::RetryAt.is_null()).add(free()),
        DeliveryState::Sending => open().add(Column::RetryAt.is_null()).add(in_hand()),
        DeliveryState::Retrying => open().add(Column::RetryAt.is_not_null()),
        DeliveryState::Accepted => Condition::all().add(Column::SentAt.is_not_null()),
        DeliveryState::Failed => over().add(in_time()).add(Column::Failure.is_not_null()),
        DeliveryState::Expired => over().add(in_time().not()),
        DeliveryState::Dropped => over().add(in_time()).add(Column::Failure.is_null()),
    }
}

fn goes_to(beginning: &str) -> Condition {
    begins(Func::lower(Expr::col(Column::Destination)).into(), &beginning.to_ascii_lowercase())
}

fn is_for(beginning: &str) -> Condition {
    let accounts: Select<account::Entity> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        // Named, because the index of addresses begins with the audience.
        .filter(account::Column::Audience.is_in(Audience::ALL.map(Stored)))
        .filter(begins(Expr::col(account::Column::EmailKey), &beginning.to_lowercase()));
    Condition::all().add(Column::AccountId.in_subquery(accounts.into_query()))
}

/// Compared by bytes, as the indexes are.
fn begins(key: SimpleExpr, text: &str) -> Condition {
    let end = format!("{text}{}", char::MAX);
    Condition::all().add(key.clone().gte(text)).add(key.lt(end))
}

/// The last messages for an account, newest first.
pub async fn last_of(db: &impl ConnectionTrait, account: Uuid, most: u64) -> Result<Vec<Model>, Error> {
    let of_account = Entity::find().filter(Column::AccountId.eq(account));
    Ok(of_account.order_by_desc(Column::Id).limit(most).all(db).await?)
}

/// The attempts of messages, oldest first.
pub async fn attempts_of(db: &impl ConnectionTrait, rows: &[Model]) -> Result<Vec<delivery_attempt::Model>, Error> {
    Ok(delivery_attempt::Entity::find()
        .filter(delivery_attempt::Column::DeliveryId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(delivery_attempt::Column::Id)
        .all(db)
        .await?)
}

/// The accounts that messages are for.
pub async fn accounts_of(db: &impl ConnectionTrait, rows: &[Model]) -> Result<HashMap<Uuid, account::Model>, Error> {
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id)))
        .all(db)
        .await?;
    Ok(accounts.into_iter().map(|account| (account.id, account)).collect())
}

/// The providers that messages can go through, by title.
pub async fn providers(db: &impl ConnectionTrait) -> Result<Vec<service_provider::Model>, Error> {
    Ok(service_provider::Entity::find()
        .filter(service_provider::Column::Kind.is_in([Channel::Smtp, Channel::Sms].map(Stored)))
        .order_by_asc(service_provider::Column::Title)
        .all(db)
        .await?)
}
