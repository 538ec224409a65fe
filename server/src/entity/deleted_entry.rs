//! An entry that was deleted and can be brought back.

use sea_orm::entity::prelude::*;

/// An entry that was deleted and can be brought back: what it was, and when it ended.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deleted_entry")]
pub struct Model {
    /// The id that it had.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose entry.
    pub account_id: Uuid,
    /// Which secondary auth, which may be deleted too.
    pub secondary_auth_id: Uuid,
    /// Where codes went; a passkey's name.
    pub destination: Option<String>,
    /// Unix seconds.
    pub added_at: i64,
    /// Unix seconds.
    pub last_used_at: Option<i64>,
    /// Whether sign-ins began with this one.
    pub preferred: bool,
    /// Its secret, encrypted for the entry that it was.
    pub secret: Option<String>,
    /// The last accepted time step of an authenticator app.
    pub last_step: Option<i64>,
    /// Whether it was deleted with its secondary auth, and comes back with it.
    pub with_auth: bool,
    /// Unix seconds.
    pub deleted_at: i64,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
