//! What an administrator is typing for the brand, and has not saved.

use sea_orm::entity::prelude::*;

/// What an administrator is typing for the brand, and has not saved.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand_draft")]
pub struct Model {
    /// Who types.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// The fields, as JSON.
    pub typed: String,
    /// Unix seconds.
    pub at: i64,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
