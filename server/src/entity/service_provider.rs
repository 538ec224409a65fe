//! An external channel with its settings.

use super::stored::Stored;
use app::services::types::Channel;
use sea_orm::entity::prelude::*;

/// An external channel with its settings.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_provider")]
pub struct Model {
    /// The provider's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The channel that it serves.
    pub kind: Stored<Channel>,
    /// The title in lists.
    pub title: String,
    /// The settings that are no secret, as JSON.
    pub settings: String,
    /// The password, encrypted.
    pub secret: Option<String>,
    /// Whether it may be used.
    pub active: bool,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds at which its settings were changed last.
    pub redirected_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
