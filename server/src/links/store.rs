//! Queries about one-time links.

use crate::{
    entity::{
        link::{self, LinkPurpose},
        stored::Stored,
    },
    entries::whose::Whose,
    error::Error,
    platform::clock::SKEW,
};
use app::login::types::Audience;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

/// Stores a new link.
pub async fn insert(db: &impl ConnectionTrait, model: link::Model) -> Result<(), Error> {
    link::Entity::insert(link::ActiveModel::from(model).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// A link that can be used.
pub async fn living(
    db: &impl ConnectionTrait,
    purpose: LinkPurpose,
    token_hash: &str,
    now: i64,
) -> Result<Option<link::Model>, Error> {
    Ok(link::Entity::find_by_id(token_hash)
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::ExpiresAt.gt(now))
        .filter(link::Column::CreatedAt.lte(now + SKEW))
        .one(db)
        .await?)
}

/// Uses a link up. Tells whether this call did.
pub async fn consume(db: &impl ConnectionTrait, token_hash: &str, now: i64) -> Result<bool, Error> {
    let done = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(now))
        .filter(link::Column::TokenHash.eq(token_hash))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::ExpiresAt.gt(now))
        .filter(link::Column::CreatedAt.lte(now + SKEW))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Removes the links of a purpose that went to an address, or to none.
pub async fn remove_of(
    db: &impl ConnectionTrait,
    purpose: LinkPurpose,
    audience: Audience,
    email: Option<&str>,
) -> Result<(), Error> {
    link::Entity::delete_many()
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::Audience.eq(Stored(audience)))
        .filter(email.map_or_else(|| link::Column::Email.is_null(), |email| link::Column::Email.eq(email)))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the links of an account of one purpose.
pub async fn remove_of_account(db: &impl ConnectionTrait, account: Uuid, purpose: LinkPurpose) -> Result<(), Error> {
    link::Entity::delete_many()
        .filter(link::Column::AccountId.eq(account))
        .filter(link::Column::Purpose.eq(purpose))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes the links by which something was begun with an account. Those that only stop things stay: whoever changed
/// the account does not take them from its owner.
pub async fn remove_begun(db: &impl ConnectionTrait, whose: Whose) -> Result<(), Error> {
    link::Entity::delete_many()
        .filter(whose.holds(link::Column::AccountId))
        .filter(link::Column::Purpose.ne(LinkPurpose::NotMe))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes links that no longer work.
pub async fn remove_expired(db: &impl ConnectionTrait, now: i64) -> Result<(), Error> {
    link::Entity::delete_many().filter(link::Column::ExpiresAt.lte(now)).exec(db).await?;
    Ok(())
}
