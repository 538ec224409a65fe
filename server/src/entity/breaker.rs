//! How a provider has failed lately, and whether that takes it out.

use super::stored::Stored;
use app::error::DeliveryFailure;
use sea_orm::entity::prelude::*;

/// How a provider has failed lately, and whether that takes it out. One that never failed has no row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "breaker")]
pub struct Model {
    /// The provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: Uuid,
    /// Failures in a row that count.
    pub failures: i32,
    /// The last of them.
    pub failure: Option<Stored<DeliveryFailure>>,
    /// Since when it is out.
    pub down_since: Option<i64>,
    /// When one message may try it.
    pub retry_at: Option<i64>,
    /// Seconds from one such message to the next.
    pub pause: i64,
    /// When the administrators were told last.
    pub told_at: Option<i64>,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
