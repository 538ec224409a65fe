//! A secondary auth that was deleted and can be brought back.

use super::stored::Stored;
use sea_orm::entity::prelude::*;

/// A secondary auth that was deleted and can be brought back.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_secondary_auth")]
pub struct Model {
    /// The id that it had.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The provider.
    pub service_id: Uuid,
    /// The title that people chose by.
    pub title: String,
    /// Unix seconds.
    pub created_at: i64,
    /// The providers that stood in for its own, in their order.
    pub fallbacks: Stored<Vec<Uuid>>,
    /// Unix seconds.
    pub deleted_at: i64,
    /// The address of the administrator.
    pub deleted_by: String,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
