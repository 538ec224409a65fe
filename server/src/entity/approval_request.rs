//! A change that waits for a second administrator.

use sea_orm::entity::prelude::*;

/// A change that waits for a second administrator. It is there as long as nobody has decided.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_request")]
pub struct Model {
    /// The request's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The administrator who asks.
    pub account_id: Uuid,
    /// Their address at that time.
    pub asker: String,
    /// What would be done, by its name in the audit log.
    pub action: String,
    /// To what or whom.
    pub about: Option<String>,
    /// More, in plain words and without secrets.
    pub details: Option<String>,
    /// The change itself, sealed: it may hold the secret of a provider.
    pub change: String,
    /// Unix seconds.
    pub asked_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
