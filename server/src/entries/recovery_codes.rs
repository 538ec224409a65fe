//! Queries about codes that stand in for a second factor.

use crate::{
    entity::{
        enrollment,
        recovery_code::{self, CodeKind},
    },
    error::Error,
    platform::clock::SKEW,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
    Select,
    sea_query::{Condition, Expr},
};
use uuid::Uuid;

/// Stores new codes.
pub async fn insert(db: &impl ConnectionTrait, codes: Vec<recovery_code::Model>) -> Result<(), Error> {
    let rows = codes.into_iter().map(|code| recovery_code::ActiveModel::from(code).reset_all());
    recovery_code::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Removes the codes of an account, of one kind or of both.
pub async fn remove(db: &impl ConnectionTrait, account: Uuid, kind: Option<CodeKind>) -> Result<(), Error> {
    let mut codes = recovery_code::Entity::delete_many().filter(recovery_code::Column::AccountId.eq(account));
    if let Some(kind) = kind {
        codes = codes.filter(recovery_code::Column::Kind.eq(kind));
    }
    codes.exec(db).await?;
    Ok(())
}

/// Removes the codes of an account that has no entry, or of all such accounts: there is nothing that they stand in for.
pub async fn remove_orphans(db: &impl ConnectionTrait, account: Option<Uuid>) -> Result<(), Error> {
    let enrolled = enrollment::Entity::find().select_only().column(enrollment::Column::AccountId);
    let mut codes = recovery_code::Entity::delete_many();
    let enrolled = match account {
        Some(account) => {
            codes = codes.filter(recovery_code::Column::AccountId.eq(account));
            enrolled.filter(enrollment::Column::AccountId.eq(account))
        }
        None => enrolled,
    };
    codes.filter(recovery_code::Column::AccountId.not_in_subquery(enrolled.into_query())).exec(db).await?;
    Ok(())
}

/// The recovery codes that an account has left.
pub fn left(account: Uuid) -> Select<recovery_code::Entity> {
    recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::Kind.eq(CodeKind::Recovery))
        .filter(recovery_code::Column::UsedAt.is_null())
}

/// How many recovery codes an account has left.
pub async fn count_left(db: &impl ConnectionTrait, account: Uuid) -> Result<u32, Error> {
    Ok(u32::try_from(left(account).count(db).await?).unwrap_or(u32::MAX))
}

/// Uses a code up: of many parallel uses exactly one sees `true`.
pub async fn consume(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, Error> {
    let in_time = Condition::all()
        .add(recovery_code::Column::ExpiresAt.gt(now))
        .add(recovery_code::Column::CreatedAt.lte(now + SKEW));
    let lives = Condition::any().add(recovery_code::Column::ExpiresAt.is_null()).add(in_time);
    let done = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::value(now))
        .filter(recovery_code::Column::Id.eq(id))
        .filter(recovery_code::Column::UsedAt.is_null())
        .filter(lives)
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends a code whose time is over, also if the clock goes back.
pub async fn end(db: &impl ConnectionTrait, id: Uuid) -> Result<(), Error> {
    recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::ExpiresAt, Expr::value(0_i64))
        .filter(recovery_code::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// A code of an account, whether it can be used or not.
pub async fn by_hash(
    db: &impl ConnectionTrait,
    account: Uuid,
    code_hash: &str,
) -> Result<Option<recovery_code::Model>, Error> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::CodeHash.eq(code_hash))
        .one(db)
        .await?)
}
