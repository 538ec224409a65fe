//! A provider that stands in for the one of a secondary auth.

use sea_orm::entity::prelude::*;

/// A provider that stands in for the one of a secondary auth.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "fallback")]
pub struct Model {
    /// The secondary auth.
    #[sea_orm(primary_key, auto_increment = false)]
    pub secondary_auth_id: Uuid,
    /// Its turn: lower ones come first.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The provider.
    pub service_id: Uuid,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
