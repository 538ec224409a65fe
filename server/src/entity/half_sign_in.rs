//! A sign-in whose password was right and whose code has not come.

use sea_orm::entity::prelude::*;

/// A sign-in whose password was right and whose code has not come. It goes when the code comes, or once its account was
/// told.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "half_sign_in")]
pub struct Model {
    /// The session that waits, or waited.
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    /// Unix seconds at which the password was given.
    pub began_at: i64,
    /// Unix seconds at which the code cannot come any more, or at which it is looked at again.
    pub due_at: i64,
    /// The client's address.
    pub address: String,
    /// The network of that address, by which limits count it.
    pub network: String,
    /// The browser's own description.
    pub user_agent: String,
    /// Whether the browser had signed in to the account before.
    pub known: bool,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
