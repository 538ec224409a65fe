//! A secondary auth that an account has proved.

use sea_orm::entity::prelude::*;

/// A secondary auth that an account has proved.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollment")]
pub struct Model {
    /// The entry's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose entry.
    pub account_id: Uuid,
    /// Which secondary auth.
    pub secondary_auth_id: Uuid,
    /// Where codes go; a passkey's name.
    pub destination: Option<String>,
    /// Unix seconds.
    pub added_at: i64,
    /// Unix seconds.
    pub last_used_at: Option<i64>,
    /// Whether sign-ins begin with this one; at most one of an account.
    pub preferred: bool,
    /// The seed of an authenticator app or the public key of a passkey, encrypted.
    pub secret: Option<String>,
    /// The last accepted time step of an authenticator app.
    pub last_step: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
