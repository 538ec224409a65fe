//! Two-factor authentication of an audience.

use sea_orm::entity::prelude::*;

/// Two-factor authentication of an audience.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    /// `admin` or `customer`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience: String,
    /// Whether its accounts may use it.
    pub allowed: bool,
    /// The kinds that its accounts may not use, by name, with commas between them.
    pub forbidden: String,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
