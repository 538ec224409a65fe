//! Queries about accounts and the set-up link.

use crate::entity::account;
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, Set,
    sea_query::Expr,
};
use uuid::Uuid;

/// One account.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find_by_id(id).one(db).await
}

/// The account of an audience with an address, in its compared spelling.
pub async fn by_email(
    db: &impl ConnectionTrait,
    audience: Audience,
    email_key: &str,
) -> Result<Option<account::Model>, DbErr> {
    account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(account::Column::EmailKey.eq(email_key))
        .one(db)
        .await
}

/// Whether there is any account at all.
pub async fn any(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(account::Entity::find().count(db).await? > 0)
}

/// How many accounts of an audience can sign in.
pub async fn count_active(db: &impl ConnectionTrait, audience: Audience) -> Result<u32, DbErr> {
    let active = account::Entity::find()
        .filter(account::Column::Audience.eq(audience.as_str()))
        .filter(account::Column::DisabledAt.is_null());
    Ok(u32::try_from(active.count(db).await?).unwrap_or(u32::MAX))
}

/// Disables an account. Tells whether it was active.
pub async fn disable(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<bool, DbErr> {
    let done = account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(now))
        .filter(account::Column::Id.eq(id))
        .filter(account::Column::DisabledAt.is_null())
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Stores a new account.
pub async fn insert(db: &impl ConnectionTrait, model: account::Model) -> Result<(), DbErr> {
    account::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// Notes a finished sign-in.
pub async fn note_sign_in(db: &impl ConnectionTrait, id: Uuid, now: i64) -> Result<(), DbErr> {
    account::ActiveModel { id: Set(id), last_sign_in_at: Set(Some(now)), ..Default::default() }
        .update(db)
        .await
        .map(|_| ())
}

/// Stores a new name.
pub async fn set_name(db: &impl ConnectionTrait, id: Uuid, name: String) -> Result<(), DbErr> {
    let name_key = Set(name.to_lowercase());
    account::ActiveModel { id: Set(id), name: Set(name), name_key, ..Default::default() }.update(db).await.map(|_| ())
}

/// Stores a new address with its compared spelling.
pub async fn set_email(db: &impl ConnectionTrait, id: Uuid, email: String, email_key: String) -> Result<(), DbErr> {
    account::ActiveModel { id: Set(id), email: Set(email), email_key: Set(email_key), ..Default::default() }
        .update(db)
        .await
        .map(|_| ())
}

/// Stores a new password hash.
pub async fn set_password_hash(db: &impl ConnectionTrait, id: Uuid, hash: String) -> Result<(), DbErr> {
    account::ActiveModel { id: Set(id), password_hash: Set(hash), ..Default::default() }.update(db).await.map(|_| ())
}
