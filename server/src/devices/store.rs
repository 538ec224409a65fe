//! Queries about trusted devices.

use crate::{entity::trusted_device, entries::whose::Whose, error::Error};
use app::caller::Origin;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

/// Which devices are alive.
#[derive(Clone, Copy)]
pub struct Living {
    /// Those that expire after this time,
    pub expires_after: i64,
    /// were trusted after this one,
    pub created_after: i64,
    /// and not later than this one.
    pub created_until: i64,
}

impl Living {
    fn condition(self) -> Condition {
        Condition::all()
            .add(trusted_device::Column::ExpiresAt.gt(self.expires_after))
            .add(trusted_device::Column::CreatedAt.gt(self.created_after))
            .add(trusted_device::Column::CreatedAt.lte(self.created_until))
    }
}

/// Stores a device.
pub async fn insert(db: &impl ConnectionTrait, model: trusted_device::Model) -> Result<(), Error> {
    trusted_device::Entity::insert(trusted_device::ActiveModel::from(model).reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// One token in place of another.
pub struct Swap<'a> {
    /// The hash of the old one.
    pub old: &'a str,
    /// The hash of the new one.
    pub new: String,
    /// Unix seconds.
    pub at: i64,
}

/// Swaps a living token of the account for a new one. Tells the device, if there was one.
pub async fn rotate(
    db: &impl ConnectionTrait,
    account: Uuid,
    swap: Swap<'_>,
    origin: &Origin,
    living: Living,
) -> Result<Option<trusted_device::Model>, Error> {
    let change = trusted_device::ActiveModel {
        token_hash: Set(swap.new),
        previous_hash: Set(Some(swap.old.to_owned())),
        rotated_at: Set(Some(swap.at)),
        last_used_at: Set(swap.at),
        address: Set(origin.address.to_string()),
        user_agent: Set(origin.user_agent.clone()),
        ..Default::default()
    };
    let devices = trusted_device::Entity::update_many()
        .set(change)
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::TokenHash.eq(swap.old))
        .filter(living.condition())
        .exec_with_returning(db)
        .await?;
    Ok(devices.into_iter().next())
}

/// Whether a living token of the account took the place of this one between two times.
pub async fn was_swapped(
    db: &impl ConnectionTrait,
    account: Uuid,
    old_hash: &str,
    after: i64,
    until: i64,
    living: Living,
) -> Result<bool, Error> {
    let found = trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::PreviousHash.eq(old_hash))
        .filter(trusted_device::Column::RotatedAt.gt(after))
        .filter(trusted_device::Column::RotatedAt.lte(until))
        .filter(living.condition())
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Ends a device of the account whose time is over.
pub async fn end_dead(db: &impl ConnectionTrait, account: Uuid, hash: &str, living: Living) -> Result<(), Error> {
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::TokenHash.eq(hash))
        .filter(living.condition().not())
        .exec(db)
        .await?;
    Ok(())
}

/// Ends expired devices of an account, and the oldest ones beyond the most it may have.
pub async fn trim(db: &impl ConnectionTrait, account: Uuid, keep: u64, living: Living) -> Result<(), Error> {
    trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(living.condition().not())
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
        .await?;
    Ok(())
}

/// The living devices of an account, the last used one first.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account: Uuid,
    living: Living,
) -> Result<Vec<trusted_device::Model>, Error> {
    Ok(trusted_device::Entity::find()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(living.condition())
        .order_by_desc(trusted_device::Column::LastUsedAt)
        .order_by_desc(trusted_device::Column::Id)
        .all(db)
        .await?)
}

/// Ends one device of an account. Tells whether it was there.
pub async fn end(db: &impl ConnectionTrait, account: Uuid, id: Uuid) -> Result<bool, Error> {
    let done = trusted_device::Entity::delete_many()
        .filter(trusted_device::Column::AccountId.eq(account))
        .filter(trusted_device::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Ends all devices of an account.
pub async fn end_all(db: &impl ConnectionTrait, whose: impl Into<Whose>) -> Result<(), Error> {
    let whose = whose.into().holds(trusted_device::Column::AccountId);
    trusted_device::Entity::delete_many().filter(whose).exec(db).await?;
    Ok(())
}
