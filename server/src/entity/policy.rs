//! Two-factor authentication of an audience.

use super::stored::Stored;
use app::{login::types::Audience, services::types::Channel};
use sea_orm::entity::prelude::*;

/// Two-factor authentication of an audience.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    /// Whose policy.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audience: Stored<Audience>,
    /// Whether its accounts may use it.
    pub allowed: bool,
    /// The channels that its accounts may not use.
    pub forbidden: Stored<Vec<Channel>>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
