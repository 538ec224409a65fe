//! Queries about challenges and the account's counter of failures.

use crate::entity::{account, challenge};
use app::services::types::Channel;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set, Statement,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

/// The newest challenges of a session and purpose, newest first.
pub async fn newest(db: &impl ConnectionTrait, session: Uuid, purpose: &str) -> Result<Vec<challenge::Model>, DbErr> {
    challenge::Entity::find()
        .filter(challenge::Column::SessionId.eq(session))
        .filter(challenge::Column::Purpose.eq(purpose))
        .order_by_desc(challenge::Column::Id)
        .limit(20)
        .all(db)
        .await
}

/// Locks the account's row, so that parallel requests for codes count one after the other. SQLite needs no such
/// lock: its transaction is the only one that writes.
pub async fn lock_account(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).lock_exclusive().one(db).await
}

/// How many codes were asked for since a time, and when the oldest of them was.
pub async fn sent_since(
    db: &impl ConnectionTrait,
    column: challenge::Column,
    value: impl Into<SimpleExpr>,
    resends_only: bool,
    since: i64,
) -> Result<(u64, Option<i64>), DbErr> {
    let mut query = challenge::Entity::find()
        .filter(Expr::col(column).eq(value.into()))
        .filter(challenge::Column::CreatedAt.gt(since))
        .filter(
            challenge::Column::Kind.is_in(Channel::ALL.into_iter().filter(|kind| kind.sends()).map(Channel::as_str)),
        )
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
pub async fn insert(db: &impl ConnectionTrait, model: challenge::Model) -> Result<challenge::Model, DbErr> {
    challenge::ActiveModel::from(model).reset_all().insert(db).await
}

/// A challenge whose code can still be entered, as far as time and other codes are concerned.
pub async fn living(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<Option<challenge::Model>, DbErr> {
    challenge::Entity::find_by_id(id)
        .filter(challenge::Column::ExpiresAt.gt(now))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .one(db)
        .await
}

/// Notes why a message was not handed over.
pub async fn note_failure(db: &impl ConnectionTrait, id: Uuid, failure: &str) -> Result<(), DbErr> {
    let change = challenge::ActiveModel { id: Set(id), failure: Set(Some(failure.to_owned())), ..Default::default() };
    change.update(db).await.map(|_| ())
}

/// Marks the older codes of a session as replaced.
pub async fn replace_older(db: &impl ConnectionTrait, new: &challenge::Model) -> Result<(), DbErr> {
    challenge::Entity::update_many()
        .col_expr(challenge::Column::ReplacedBy, Expr::value(new.reference.clone()))
        .filter(challenge::Column::SessionId.eq(new.session_id))
        .filter(challenge::Column::Purpose.eq(&new.purpose))
        .filter(challenge::Column::Id.lt(new.id))
        .filter(challenge::Column::ConsumedAt.is_null())
        .filter(challenge::Column::ReplacedBy.is_null())
        .exec(db)
        .await
        .map(|_| ())
}

/// Takes one try from a living challenge before its code is compared, so that parallel guesses cannot outrun the
/// counter. Tells how many tries were taken, or nothing where none of the most that there are is left.
pub async fn take_try(db: &impl ConnectionTrait, id: Uuid, most: i32, now: i64) -> Result<Option<i32>, DbErr> {
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
pub async fn consume(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, DbErr> {
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
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<(), DbErr> {
    challenge::Entity::delete_many().filter(challenge::Column::CreatedAt.lt(before)).exec(db).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Failures {
    factor_failures: i32,
}

/// When failures lock a second factor or switch it off.
pub struct Lock {
    /// So many failures lock it, and so many again.
    pub every: i32,
    /// How long the first lock lasts; each further one is twice as long.
    pub seconds: i64,
    /// So many failures switch it off.
    pub disable_at: i32,
}

/// Counts a failure on the account before its code is compared; a success takes all of them back. Some of them lock
/// the factor. Tells the count, or nothing while locked or switched off.
pub async fn count_failure(
    db: &impl ConnectionTrait,
    account: Uuid,
    lock: &Lock,
    now: i64,
) -> Result<Option<i32>, DbErr> {
    let sql = "UPDATE account SET factor_failures = factor_failures + 1, \
               factor_locked_until = CASE WHEN (factor_failures + 1) % $3 = 0 \
               THEN $1 + $4 * (1 << ((factor_failures + 1) / $3 - 1)) ELSE factor_locked_until END \
               WHERE id = $2 AND factor_failures < $5 AND (factor_locked_until IS NULL OR factor_locked_until <= $1) \
               RETURNING factor_failures";
    let values = [now.into(), account.into(), lock.every.into(), lock.seconds.into(), lock.disable_at.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Failures::find_by_statement(statement).one(db).await?.map(|row| row.factor_failures))
}

/// Takes back the account's failures after a success.
pub async fn clear_failures(db: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    let change = account::ActiveModel {
        id: Set(account),
        factor_failures: Set(0),
        factor_locked_until: Set(None),
        ..Default::default()
    };
    change.update(db).await.map(|_| ())
}
