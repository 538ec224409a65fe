//! A browser that has signed in to an account before.

use sea_orm::entity::prelude::*;

/// A browser that has signed in to an account before. It opens nothing; its wrong passwords count by themselves.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_browser")]
pub struct Model {
    /// The id, by which its wrong passwords count.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// For which account.
    pub account_id: Uuid,
    /// SHA-256 of the cookie's token, which is the browser's for all of its accounts.
    pub token_hash: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds.
    pub last_used_at: i64,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
