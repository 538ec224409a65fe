//! Queries about deliveries.

use crate::{
    entity::{
        challenge,
        delivery::{self, Column},
        delivery_attempt,
        stored::Stored,
    },
    error::Error,
    platform::database::old_rows,
};
use app::{delivery::types::MessageKind, error::DeliveryFailure};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

/// Stores a new message.
pub async fn insert(db: &impl ConnectionTrait, model: delivery::Model) -> Result<delivery::Model, Error> {
    let row = delivery::ActiveModel::from(model.clone()).reset_all();
    delivery::Entity::insert(row).exec_without_returning(db).await?;
    Ok(model)
}

/// One message.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<delivery::Model>, Error> {
    Ok(delivery::Entity::find_by_id(id).one(db).await?)
}

/// What is neither sent nor given up.
fn open() -> Condition {
    Condition::all().add(Column::SentAt.is_null()).add(Column::FailedAt.is_null())
}

/// What is open and in nobody's hand.
fn due(now: i64) -> Condition {
    open().add(Column::LeasedUntil.is_null().or(Column::LeasedUntil.lte(now)))
}

/// How many messages are due.
pub async fn count_due(db: &impl ConnectionTrait, now: i64) -> Result<u64, Error> {
    Ok(delivery::Entity::find().filter(due(now)).count(db).await?)
}

/// When the next message comes due that is in a hand, or waits for another attempt.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<i64>, Error> {
    let first = delivery::Entity::find().filter(open()).select_only().column_as(Column::LeasedUntil.min(), "at");
    Ok(first.into_tuple::<Option<i64>>().one(db).await?.flatten())
}

/// Claims so many of the messages that are due, and counts the attempt. Within a transaction, so that no two servers have
/// the same message in hand; PostgreSQL passes over what another server is claiming at this moment. New messages come
/// before those that failed already. With `only`, messages of other kinds stay where they are.
pub async fn claim(
    db: &impl ConnectionTrait,
    now: i64,
    leased_until: i64,
    only: Option<MessageKind>,
    most: u64,
) -> Result<Vec<delivery::Model>, Error> {
    let waiting = delivery::Entity::find().filter(due(now)).filter(Column::ExpiresAt.gt(now));
    let waiting = waiting.filter(Condition::all().add_option(only.map(|kind| Column::Kind.eq(Stored(kind)))));
    let first: Vec<Uuid> = waiting
        .select_only()
        .column(Column::Id)
        .order_by_asc(Column::Attempts)
        .order_by_asc(Column::Id)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_tuple()
        .all(db)
        .await?;
    if first.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = delivery::Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(leased_until))
        .col_expr(Column::RetryAt, Expr::value(None::<i64>))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.is_in(first))
        .filter(due(now))
        .exec_with_returning(db)
        .await?;
    // They come in any order.
    rows.sort_by_key(|row| (row.attempts, row.id));
    Ok(rows)
}

/// Takes a message out of the hand that has not begun to send it.
pub async fn give_back(db: &impl ConnectionTrait, message: &delivery::Model) -> Result<(), Error> {
    delivery::Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(None::<i64>))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).sub(1))
        .filter(in_hand(message))
        .exec(db)
        .await?;
    Ok(())
}

/// Keeps a message in the hand that has it, as long as no other has taken it over.
pub async fn renew(db: &impl ConnectionTrait, message: &delivery::Model, leased_until: i64) -> Result<(), Error> {
    delivery::Entity::update_many()
        .col_expr(Column::LeasedUntil, Expr::value(leased_until))
        .filter(in_hand(message))
        .exec(db)
        .await?;
    Ok(())
}

/// That a message is open, and in the hand that claimed it with this attempt.
fn in_hand(message: &delivery::Model) -> Condition {
    open().add(Column::Id.eq(message.id)).add(Column::Attempts.eq(message.attempts))
}

/// Notes that a mail server took messages, and forgets their text. Answers those of which that was not noted before.
pub async fn note_sent(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
    service: Option<Uuid>,
    now: i64,
) -> Result<Vec<delivery::Model>, Error> {
    let change = delivery::ActiveModel {
        service_id: Set(service),
        sent_at: Set(Some(now)),
        failed_at: Set(None),
        body: Set(None),
        leased_until: Set(None),
        retry_at: Set(None),
        ..Default::default()
    };
    let rows = delivery::Entity::update_many()
        .set(change)
        .filter(Column::Id.is_in(ids))
        .filter(Column::SentAt.is_null())
        .exec_with_returning(db)
        .await?;
    Ok(rows)
}

/// Notes a failed attempt; without a time for the next one the message is given up and its text forgotten. Answers the
/// message. Whoever held it for so long that another server claimed it changes nothing.
pub async fn note_failed(
    db: &impl ConnectionTrait,
    message: &delivery::Model,
    service: Option<Uuid>,
    failure: &DeliveryFailure,
    now: i64,
    retry_at: Option<i64>,
) -> Result<Option<delivery::Model>, Error> {
    let mut change = delivery::ActiveModel {
        service_id: Set(service),
        failure: Set(Some(Stored(failure.clone()))),
        leased_until: Set(retry_at),
        retry_at: Set(retry_at),
        ..Default::default()
    };
    if retry_at.is_none() {
        change.failed_at = Set(Some(now));
        change.body = Set(None);
    }
    let rows = delivery::Entity::update_many().set(change).filter(in_hand(message)).exec_with_returning(db).await?;
    Ok(rows.into_iter().next())
}

/// Gives up one message that nobody waits for any more.
pub async fn give_up(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<(), Error> {
    give_up_where(db, open().add(Column::Id.eq(id)), now).await
}

/// Gives up what is no longer worth sending.
pub async fn give_up_expired(db: &impl ConnectionTrait, now: i64) -> Result<(), Error> {
    give_up_where(db, due(now).add(Column::ExpiresAt.lte(now)), now).await
}

async fn give_up_where(db: &impl ConnectionTrait, which: Condition, now: i64) -> Result<(), Error> {
    let change = delivery::ActiveModel {
        failed_at: Set(Some(now)),
        body: Set(None),
        leased_until: Set(None),
        retry_at: Set(None),
        ..Default::default()
    };
    delivery::Entity::update_many().set(change).filter(which).exec(db).await?;
    Ok(())
}

/// Keeps how attempts went.
pub async fn insert_attempts(db: &impl ConnectionTrait, models: Vec<delivery_attempt::Model>) -> Result<(), Error> {
    let rows = models.into_iter().map(|model| delivery_attempt::ActiveModel::from(model).reset_all());
    delivery_attempt::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Removes some of the messages from before a time, the oldest first, with their attempts. None lives so long that it
/// could still be sent. Tells how many there were.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<u64, Error> {
    old_rows::remove_some::<delivery::Entity>(db, Column::Id, Column::CreatedAt, before).await
}

/// The challenge of a code's message, which has the same id, as long as it waits for its answer.
pub async fn living_challenge(
    db: &impl ConnectionTrait,
    id: Uuid,
    now: i64,
) -> Result<Option<challenge::Model>, Error> {
    Ok(challenge::Entity::find_by_id(id)
        .filter(challenge::Column::ExpiresAt.gt(now))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .one(db)
        .await?)
}

/// Tells a challenge why its message was not handed over, or that it was after all.
pub async fn note_failure_of_challenge(
    db: &impl ConnectionTrait,
    id: Uuid,
    failure: Option<&DeliveryFailure>,
) -> Result<(), Error> {
    let failure = failure.cloned().map(Stored);
    let change = challenge::ActiveModel { failure: Set(failure), ..Default::default() };
    challenge::Entity::update_many().set(change).filter(challenge::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Marks the older challenges of the same session and purpose as replaced by this one.
pub async fn replace_older_challenges(db: &impl ConnectionTrait, new: &challenge::Model) -> Result<(), Error> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ReplacedBy, Expr::value(new.id))
        .filter(challenge::Column::SessionId.eq(new.session_id))
        .filter(challenge::Column::Purpose.eq(new.purpose))
        .filter(challenge::Column::Id.lt(new.id))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .exec(db)
        .await?;
    Ok(())
}
