//! A browser that skips the second factor.

use sea_orm::entity::prelude::*;

/// A browser that skips the second factor.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trusted_device")]
pub struct Model {
    /// The device's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For which account.
    pub account_id: Uuid,
    /// SHA-256 of the cookie's token.
    pub token_hash: String,
    /// The same of the token before the last swap.
    pub previous_hash: Option<String>,
    /// Unix seconds of that swap.
    pub rotated_at: Option<i64>,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds.
    pub last_used_at: i64,
    /// Unix seconds.
    pub expires_at: i64,
    /// The client's address at its last use.
    pub address: String,
    /// The browser's description.
    pub user_agent: String,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
