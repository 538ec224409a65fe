//! A key that seals stored secrets, wrapped by the key outside of the database.

use sea_orm::entity::prelude::*;

/// A key that seals stored secrets, wrapped by the key outside of the database.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_key")]
pub struct Model {
    /// What sealed values begin with; 0 is the key of keyed hashes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The id of the key that wraps it, a colon, and the wrapped key.
    pub wrapped: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds; nothing while values of older keys are being sealed with this one.
    pub finished_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
