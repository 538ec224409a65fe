//! The value of a setting that was changed from its default.

use sea_orm::entity::prelude::*;

/// The value of a setting that was changed from its default.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "configuration")]
pub struct Model {
    /// The setting's key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Its value as text.
    pub value: String,
    /// The address of the administrator who changed it.
    pub changed_by: String,
    /// When.
    pub changed_at: i64,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
