//! A counter of tries in a window of time.

use sea_orm::entity::prelude::*;

/// A counter of tries in a window of time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "throttle")]
pub struct Model {
    /// What is counted.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// How often in this window.
    pub count: i32,
    /// Unix seconds of the window's start.
    pub started_at: i64,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
