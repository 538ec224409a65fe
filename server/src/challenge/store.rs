//! Queries about challenges and the account's counter of failures.

use crate::entity::challenge;
use crate::error::Error;
use app::services::types::Kind;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

/// The newest challenges of a session and purpose, newest first.
pub async fn newest(db: &impl ConnectionTrait, session: Uuid, purpose: &str) -> Result<Vec<challenge::Model>, Error> {
    Ok(challenge::Entity::find()
        .filter(challenge::Column::SessionId.eq(session))
        .filter(challenge::Column::Purpose.eq(purpose))
        .order_by_desc(challenge::Column::Id)
        .limit(20)
        .all(db)
        .await?)
}

/// How many codes were asked for since a time, and when the oldest of them was.
pub async fn sent_since(
    db: &impl ConnectionTrait,
    column: challenge::Column,
    value: impl Into<SimpleExpr>,
    resends_only: bool,
    since: i64,
) -> Result<(u64, Option<i64>), Error> {
    let mut query = challenge::Entity::find()
        .filter(Expr::col(column).eq(value.into()))
        .filter(challenge::Column::CreatedAt.gt(since))
        .filter(challenge::Column::Kind.is_in(Kind::ALL.into_iter().filter(|kind| kind.sends()).map(Kind::as_str)))
        .filter(challenge::Column::Failure.is_null());
    if resends_only {
        query = query.filter(challenge::Column::Resend.eq(true));
    }
    let count = query.clone().count(db).await?;
    let oldest = query
        .order_by_asc(challenge::Column::CreatedAt)
        .select_only()
        .column(challenge::Column::CreatedAt)
        .into_tuple::<i64>()
        .one(db)
        .await?;
    Ok((count, oldest))
}

/// Stores a new challenge.
pub async fn insert(db: &impl ConnectionTrait, model: challenge::Model) -> Result<challenge::Model, Error> {
    Ok(challenge::ActiveModel::from(model).reset_all().insert(db).await?)
}

/// A challenge whose code can still be entered, as far as time and other codes are concerned.
pub async fn living(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<Option<challenge::Model>, Error> {
    Ok(challenge::Entity::find_by_id(id)
        .filter(challenge::Column::ExpiresAt.gt(now))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .one(db)
        .await?)
}

/// Notes why a message was not handed over.
pub async fn note_failure(db: &impl ConnectionTrait, id: Uuid, failure: &str) -> Result<(), Error> {
    let change = challenge::ActiveModel { id: Set(id), failure: Set(Some(failure.to_owned())), ..Default::default() };
    change.update(db).await?;
    Ok(())
}

/// Marks the older codes of a session as replaced.
pub async fn replace_older(db: &impl ConnectionTrait, new: &challenge::Model) -> Result<(), Error> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ReplacedBy, Expr::value(new.reference.clone()))
        .filter(challenge::Column::SessionId.eq(new.session_id))
        .filter(challenge::Column::Purpose.eq(&new.purpose))
        .filter(challenge::Column::Id.lt(new.id))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Takes one try from a living challenge before its code is compared, so that parallel guesses cannot outrun the
/// counter. Tells how many tries were taken, or nothing where none of the most that there are is left.
pub async fn take_try(db: &impl ConnectionTrait, id: Uuid, most: i32, now: i64) -> Result<Option<i32>, Error> {
    let rows = challenge::Entity::update_many()
        .col_expr(challenge::Column::Tries, Expr::col(challenge::Column::Tries).add(1))
        .filter(challenge::Column::Id.eq(id))
        .filter(challenge::Column::Tries.lt(most))
        .filter(challenge::Column::ExpiresAt.gt(now))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .exec_with_returning(db)
        .await?;
    Ok(rows.first().map(|row| row.tries))
}

/// Consumes a challenge: of many parallel successes exactly one sees `true`.
pub async fn consume(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, Error> {
    let done = challenge::Entity::update_many()
        .col_expr(challenge::Column::ConsumedAt, Expr::value(now))
        .filter(challenge::Column::Id.eq(id))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ExpiresAt.gt(now))
        .filter(challenge::Column::ReplacedBy.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes the challenges from before a time.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<(), Error> {
    challenge::Entity::delete_many().filter(challenge::Column::CreatedAt.lt(before)).exec(db).await?;
    Ok(())
}

/// One challenge.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<challenge::Model>, Error> {
    Ok(challenge::Entity::find_by_id(id).one(db).await?)
}
