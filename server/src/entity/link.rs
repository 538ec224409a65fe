//! A one-time link that was sent to somebody or printed at start.

use sea_orm::entity::prelude::*;

/// A one-time link that was sent to somebody or printed at start.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// The hash of the token in the link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// A `Purpose` by name.
    pub purpose: String,
    /// The account that it is for, where there is one already.
    pub account_id: Option<Uuid>,
    /// The audience, by name.
    pub audience: String,
    /// The address that it was sent to; empty for the set-up link.
    pub email: String,
    /// The name that a new account starts with.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// Until when it works.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
