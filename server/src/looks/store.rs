//! Queries about the brand, and what administrators are typing for it.

use super::picture;
use crate::{
    entity::{brand, brand_draft},
    error::Error,
};
use app::brand::types::{Fields, Slot};
use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// Seconds for which is kept what was typed and not saved.
pub const DRAFTS: i64 = 7 * 86_400;

/// All that is set, without the contents of files.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<brand::Row>, Error> {
    use brand::Column::{Key, Value};
    let rows = brand::Entity::find().select_only().columns([Key, Value]).order_by_asc(Key);
    Ok(rows.into_model().all(db).await?)
}

/// A part of the brand with the contents of its file.
pub async fn find(db: &impl ConnectionTrait, key: &str) -> Result<Option<brand::Model>, Error> {
    Ok(brand::Entity::find_by_id(key).one(db).await?)
}

/// What stands in a picture's file, with the type that browsers are told: by what it was found to be.
pub async fn contents(
    db: &impl ConnectionTrait,
    slot: Slot,
    name: &str,
) -> Result<Option<(&'static str, Vec<u8>)>, Error> {
    let row = find(db, slot.as_str()).await?.filter(|row| row.value.split(' ').next() == Some(name));
    let file = row.and_then(|row| STANDARD.decode(row.data?).ok());
    // Looked at again: whatever is stored, nothing but a picture is served as one.
    Ok(file.and_then(|file| Some((picture::read(&file)?.kind.media_type(), file))))
}

/// Stores a part of the brand in place of that of before.
pub async fn put(db: &impl ConnectionTrait, model: brand::Model) -> Result<(), Error> {
    use brand::Column::{ChangedAt, ChangedBy, Data, Key, Value};
    let again = OnConflict::column(Key).update_columns([Value, Data, ChangedAt, ChangedBy]).to_owned();
    let insert = brand::Entity::insert(brand::ActiveModel::from(model).reset_all()).on_conflict(again);
    insert.exec_without_returning(db).await?;
    Ok(())
}

/// Removes a part of the brand, which then has its default. Tells whether it was there.
pub async fn remove(db: &impl ConnectionTrait, key: &str) -> Result<bool, Error> {
    Ok(brand::Entity::delete_by_id(key).exec(db).await?.rows_affected == 1)
}

/// What an administrator typed last and did not save.
pub async fn draft(db: &impl ConnectionTrait, account: Uuid) -> Result<Option<Fields>, Error> {
    let found = brand_draft::Entity::find_by_id(account).one(db).await?;
    // What another version wrote may be unknown to this one.
    Ok(found.and_then(|draft| serde_json::from_str(&draft.typed).ok()))
}

/// Keeps what an administrator has typed.
pub async fn put_draft(db: &impl ConnectionTrait, account: Uuid, fields: &Fields, at: i64) -> Result<(), Error> {
    use brand_draft::Column::{AccountId, At, Typed};
    let typed = serde_json::to_string(fields).unwrap_or_default();
    let model = brand_draft::Model { account_id: account, typed, at };
    let again = OnConflict::column(AccountId).update_columns([Typed, At]).to_owned();
    let insert = brand_draft::Entity::insert(brand_draft::ActiveModel::from(model).reset_all()).on_conflict(again);
    insert.exec_without_returning(db).await?;
    Ok(())
}

/// Forgets what an administrator has typed.
pub async fn remove_draft(db: &impl ConnectionTrait, account: Uuid) -> Result<(), Error> {
    brand_draft::Entity::delete_by_id(account).exec(db).await?;
    Ok(())
}

/// Forgets what was typed before a time.
pub async fn remove_older(db: &impl ConnectionTrait, before: i64) -> Result<(), Error> {
    brand_draft::Entity::delete_many().filter(brand_draft::Column::At.lt(before)).exec(db).await?;
    Ok(())
}
