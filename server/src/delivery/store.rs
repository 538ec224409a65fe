//! Queries about deliveries.

use crate::entity::delivery;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set, sea_query::Expr,
};
use uuid::Uuid;

/// Stores a new message.
pub async fn insert(db: &impl ConnectionTrait, model: delivery::Model) -> Result<(), DbErr> {
    delivery::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// What is neither sent nor given up nor in somebody's hand.
fn due(now: i64) -> Condition {
    Condition::all()
        .add(delivery::Column::SentAt.is_null())
        .add(delivery::Column::FailedAt.is_null())
        .add(delivery::Column::LeasedUntil.is_null().or(delivery::Column::LeasedUntil.lte(now)))
}

/// Claims the oldest message that is due, and counts the attempt. One statement, so that no two servers have the
/// same message in hand.
pub async fn claim(db: &impl ConnectionTrait, now: i64, leased_until: i64) -> Result<Option<delivery::Model>, DbErr> {
    let oldest = delivery::Entity::find()
        .select_only()
        .column(delivery::Column::Id)
        .filter(due(now))
        .order_by_asc(delivery::Column::Id)
        .limit(1)
        .into_query();
    let rows = delivery::Entity::update_many()
        .col_expr(delivery::Column::LeasedUntil, Expr::value(leased_until))
        .col_expr(delivery::Column::Attempts, Expr::col(delivery::Column::Attempts).add(1))
        .filter(delivery::Column::Id.in_subquery(oldest))
        .filter(due(now))
        .exec_with_returning(db)
        .await?;
    Ok(rows.into_iter().next())
}

/// Notes that a mail server took a message, and forgets its text.
pub async fn note_sent(db: &impl ConnectionTrait, id: Uuid, service: Option<Uuid>, now: i64) -> Result<(), DbErr> {
    let change = delivery::ActiveModel {
        id: Set(id),
        service_id: Set(service),
        sent_at: Set(Some(now)),
        body: Set(None),
        leased_until: Set(None),
        ..Default::default()
    };
    change.update(db).await.map(|_| ())
}

/// Notes a failed attempt; without a time for the next one the message is given up and its text forgotten.
pub async fn note_failed(
    db: &impl ConnectionTrait,
    id: Uuid,
    service: Option<Uuid>,
    failure: &str,
    now: i64,
    retry_at: Option<i64>,
) -> Result<(), DbErr> {
    let mut change = delivery::ActiveModel {
        id: Set(id),
        service_id: Set(service),
        failure: Set(Some(failure.to_owned())),
        leased_until: Set(retry_at),
        ..Default::default()
    };
    if retry_at.is_none() {
        change.failed_at = Set(Some(now));
        change.body = Set(None);
    }
    change.update(db).await.map(|_| ())
}

/// Gives up what is no longer worth sending.
pub async fn give_up_expired(db: &impl ConnectionTrait, now: i64) -> Result<(), DbErr> {
    delivery::Entity::update_many()
        .col_expr(delivery::Column::FailedAt, Expr::value(now))
        .col_expr(delivery::Column::Body, Expr::value(None::<String>))
        .filter(due(now))
        .filter(delivery::Column::ExpiresAt.lte(now))
        .exec(db)
        .await
        .map(|_| ())
}
