//! One attempt to hand a message to a provider, and how it went.

use super::stored::Stored;
use app::error::DeliveryFailure;
use sea_orm::entity::prelude::*;

/// One attempt to hand a message to a provider, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery_attempt")]
pub struct Model {
    /// UUID v7, so that ids ascend with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The message.
    pub delivery_id: Uuid,
    /// The provider, where there was one.
    pub service_id: Option<Uuid>,
    /// When it began.
    pub began_at: i64,
    /// When it ended.
    pub ended_at: i64,
    /// Why it failed, if it did.
    pub failure: Option<Stored<DeliveryFailure>>,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
