//! The data keys as they stand in the database, and the first ones.

use super::{Key, KeySource, OuterKeys, VaultError};
use crate::entity::{account, data_key, enrollment, service_provider};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

/// The id of the key of keyed hashes.
pub const HASH: i32 = 0;
/// How many stored secrets of a kind are tried, to tell whether a key is the right one.
const TRIED: u64 = 20;

/// All data keys, the one of keyed hashes first and the newest last.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<data_key::Model>, DbErr> {
    data_key::Entity::find().order_by_asc(data_key::Column::Id).all(db).await
}

/// The id of the outer key that wraps a data key.
///
/// # Errors
/// `Sealed` where the row was altered.
pub fn wrapped_by(row: &data_key::Model) -> Result<i32, VaultError> {
    let id = row.wrapped.split_once(':').and_then(|(id, _)| id.parse().ok());
    id.ok_or(VaultError::Sealed)
}

/// Opens a data key.
///
/// # Errors
/// `Unknown` or `Wrong` where the outer keys are not those of this database; says which.
pub fn unwrap(source: &KeySource, outer: &OuterKeys, row: &data_key::Model) -> Result<Key, VaultError> {
    let id = wrapped_by(row)?;
    let from = || source.to_string();
    let Some(key) = outer.get(&id) else {
        let known = outer.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        return Err(VaultError::Unknown { from: from(), id, known });
    };
    let (_, wrapped) = row.wrapped.split_once(':').ok_or(VaultError::Sealed)?;
    key.unwrap(row.id, wrapped).map_err(|_| VaultError::Wrong { from: from(), id })
}

/// A data key as it is stored.
///
/// # Errors
/// When the cipher fails.
pub fn wrap(outer: (&i32, &Key), id: i32, key: &Key) -> Result<String, VaultError> {
    Ok(format!("{}:{}", outer.0, outer.1.wrap(id, key)?))
}

/// Stores a new data key; it is `finished_at` a time where nothing has to be sealed anew with it.
///
/// # Errors
/// When the database fails or has a key of this id.
pub async fn insert(
    db: &impl ConnectionTrait,
    outer: (&i32, &Key),
    id: i32,
    key: &Key,
    now: i64,
    finished_at: Option<i64>,
) -> Result<(), VaultError> {
    let row = data_key::Model { id, wrapped: wrap(outer, id, key)?, created_at: now, finished_at };
    data_key::Entity::insert(data_key::ActiveModel::from(row).reset_all()).exec_without_returning(db).await?;
    Ok(())
}

/// Gives a database that has no data keys its first ones. One from before there were any goes on with what followed
/// from its key then, which is why a missing key is not made there.
///
/// # Errors
/// Where the key of such a database is missing or another one.
pub async fn first(db: &impl ConnectionTrait, source: &KeySource, now: i64) -> Result<(), VaultError> {
    let accounts = account::Entity::find().count(db).await?;
    let providers = service_provider::Entity::find().count(db).await?;
    let old = accounts + providers > 0;
    let outer = if old { source.read()? } else { source.read_or_create()? };
    let newest = outer.last_key_value().ok_or_else(|| VaultError::Format(source.to_string()))?;
    let (id, seal, hash) = if old {
        let (id, key) = outer.first_key_value().unwrap_or(newest);
        let (seal, hash) = (key.derive("countersign seal"), key.derive("countersign keyed hash"));
        let stored = some_sealed(db).await?;
        let opens = |(place, sealed): &(String, String)| {
            sealed.split_once(':').is_some_and(|(_, body)| seal.open(place, body).is_ok())
        };
        // Single ones may be older than the loss of an earlier key.
        if !stored.is_empty() && !stored.iter().any(opens) {
            return Err(VaultError::Wrong { from: source.to_string(), id: *id });
        }
        (*id, seal, hash)
    } else {
        (1, Key::random(), Key::random())
    };
    insert(db, newest, HASH, &hash, now, Some(now)).await?;
    insert(db, newest, id, &seal, now, Some(now)).await
}

/// Some stored secrets with what they are bound to, newest first.
async fn some_sealed(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, DbErr> {
    let providers = service_provider::Entity::find()
        .filter(service_provider::Column::Secret.is_not_null())
        .order_by_desc(service_provider::Column::Id)
        .limit(TRIED)
        .all(db)
        .await?;
    let entries = enrollment::Entity::find()
        .filter(enrollment::Column::Secret.is_not_null())
        .order_by_desc(enrollment::Column::Id)
        .limit(TRIED)
        .all(db)
        .await?;
    let providers = providers.into_iter().filter_map(|row| Some((format!("service_provider:{}", row.id), row.secret?)));
    let entries = entries.into_iter().filter_map(|row| Some((format!("enrollment:{}", row.id), row.secret?)));
    Ok(providers.chain(entries).collect())
}
