//! One message on its way through a provider, with its attempts and result.

use super::stored::Stored;
use app::{delivery::types::MessageKind, error::DeliveryFailure};
use sea_orm::entity::prelude::*;

/// One message on its way through a provider, with its attempts and result.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    /// UUID v7, so that ids ascend with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is about.
    pub kind: Stored<MessageKind>,
    /// The account that it is for.
    pub account_id: Option<Uuid>,
    /// The provider that carried it, once one was chosen.
    pub service_id: Option<Uuid>,
    /// Where it goes.
    pub destination: String,
    /// The message, encrypted; gone once it was sent or given up.
    pub body: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// When it is no longer worth sending.
    pub expires_at: i64,
    /// Until when one server has it in hand.
    pub leased_until: Option<i64>,
    /// When it is tried again, after an attempt that failed; nothing while it is in a hand.
    pub retry_at: Option<i64>,
    /// How often it was tried.
    pub attempts: i32,
    /// When a mail server took it.
    pub sent_at: Option<i64>,
    /// When it was given up.
    pub failed_at: Option<i64>,
    /// The last failure.
    pub failure: Option<Stored<DeliveryFailure>>,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
