//! Queries about settings.

use crate::{entity::configuration, error::Error};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait,
    sea_query::{Expr, OnConflict, SimpleExpr},
};

/// All settings that were changed.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<configuration::Model>, Error> {
    Ok(configuration::Entity::find().all(db).await?)
}

/// All settings that were changed, "key=value key=value": as a column beside what else a statement reads, or nothing
/// where none was changed.
pub fn all_as_text() -> SimpleExpr {
    Expr::cust("(SELECT string_agg(key || '=' || value, ' ') FROM configuration)")
}

/// Stores a setting's value.
pub async fn put(db: &impl ConnectionTrait, model: configuration::Model) -> Result<(), Error> {
    use configuration::Column::{ChangedAt, ChangedBy, Key, Value};
    configuration::Entity::insert(configuration::ActiveModel::from(model).reset_all())
        .on_conflict(OnConflict::column(Key).update_columns([Value, ChangedBy, ChangedAt]).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
