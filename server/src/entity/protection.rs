//! How many accounts of an audience had a second factor on a day.

use super::stored::Stored;
use app::login::types::Audience;
use sea_orm::entity::prelude::*;

/// How many accounts of an audience had a second factor on a day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "protection")]
pub struct Model {
    /// Days since 1970-01-01 UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// The audience.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience: Stored<Audience>,
    /// Active accounts.
    pub accounts: i32,
    /// Active accounts with an entry.
    pub enrolled: i32,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
