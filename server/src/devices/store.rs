//! Queries about trusted devices.

use crate::entity::trusted_device;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

/// Stores a device.
pub async fn insert(db: &impl ConnectionTrait, model: trusted_device::Model) -> Result<(), DbErr> {
    trusted_device::ActiveModel::from(model).reset_all().insert(db).await.map(|_| ())
}

/// Swaps a living token of the account for a new one. Tells whether there was one.
pub async fn rotate(
    db: &impl ConnectionTrait,
    account: Uuid,
    old_hash: &str,
    new: trusted_device::ActiveModel,
    now: i64,
) -> Result<bool, DbErr> {
    let done = trusted_device::Entity::update_many()
        .set(new)
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::TokenHash.eq(old_hash))
        .filter(trusted_device::Column::ExpiresAt.gt(now))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// A change to a device at its use.
pub fn used(token_hash: String, now: i64, address: String, user_agent: String) -> trusted_device::ActiveModel {
    trusted_device::ActiveModel {
        token_hash: Set(token_hash),
        last_used_at: Set(now),
        address: Set(address),
        user_agent: Set(user_agent),
        ..Default::default()
    }
}

/// When a device expires, by its token.
pub async fn expiry(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<i64>, DbErr> {
    trusted_device::Entity::find()
        .filter(trusted_device::Column::TokenHash.eq(token_hash))
        .select_only()
        .column(trusted_device::Column::ExpiresAt)
        .into_tuple()
        .one(db)
        .await
}

/// Ends expired devices of an account, and the oldest ones beyond the most it may have.
pub async fn trim(db: &impl ConnectionTrait, account: Uuid, keep: u64, now: i64) -> Result<(), DbErr> {
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::ExpiresAt.lte(now))
        .exec(db)
        .await?;
    let newest: Vec<Uuid> = trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account))
        .order_by_desc(trusted_device::Column::LastUsedAt)
        .order_by_desc(trusted_device::Column::Id)
        .limit(keep)
        .select_only()
        .column(trusted_device::Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::Id.is_not_in(newest))
        .exec(db)
        .await
        .map(|_| ())
}

/// The living devices of an account, the last used one first.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account: Uuid,
    now: i64,
) -> Result<Vec<trusted_device::Model>, DbErr> {
    trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::ExpiresAt.gt(now))
        .order_by_desc(trusted_device::Column::LastUsedAt)
        .order_by_desc(trusted_device::Column::Id)
        .all(db)
        .await
}

/// Ends one device of an account. Tells whether it was there.
pub async fn end(db: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let done = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all devices of an account.
pub async fn end_all(db: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .exec(db)
        .await
        .map(|_| ())
}
