//! Queries about accounts and the set-up link.

use crate::entity::{account, set_up_link};
use app::login::types::Audience;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, Set,
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

/// Stores a new account.
pub async fn insert(db: &impl ConnectionTrait, model: account::Model) -> Result<(), DbErr> {
    account::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// Stores a new password hash.
pub async fn set_password_hash(db: &impl ConnectionTrait, id: Uuid, hash: String) -> Result<(), DbErr> {
    account::ActiveModel { id: Set(id), password_hash: Set(hash), ..Default::default() }.update(db).await.map(|_| ())
}

/// Stores the hash of the one set-up link; older links die.
pub async fn replace_link(db: &impl ConnectionTrait, token_hash: &str, expires_at: i64) -> Result<(), DbErr> {
    set_up_link::Entity::delete_many().exec(db).await?;
    let link = set_up_link::Model { token_hash: token_hash.to_owned(), expires_at, used_at: None };
    set_up_link::ActiveModel::from(link).reset_all().insert(db).await.map(|_| ())
}

/// Whether a link can be used.
pub async fn link_lives(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Result<bool, DbErr> {
    let link = set_up_link::Entity::find_by_id(token_hash).one(db).await?;
    Ok(link.is_some_and(|link| link.used_at.is_none() && link.expires_at > now))
}

/// Uses a link: of many parallel uses exactly one sees `true`.
pub async fn use_link(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Result<bool, DbErr> {
    let done = set_up_link::Entity::update_many()
        .col_expr(set_up_link::Column::UsedAt, Expr::value(now))
        .filter(set_up_link::Column::TokenHash.eq(token_hash))
        .filter(set_up_link::Column::UsedAt.is_null())
        .filter(Expr::col(set_up_link::Column::ExpiresAt).gt(now))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}
