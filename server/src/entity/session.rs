//! A browser that signed in, or is about to.

use sea_orm::entity::prelude::*;

/// A browser that signed in, or is about to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Stays the same while the token changes at every step.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose session.
    pub account_id: Uuid,
    /// SHA-256 of the cookie's token.
    pub token_hash: String,
    /// Whether all factors were proved.
    pub signed_in: bool,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds, to the minute.
    pub last_seen_at: i64,
    /// Unix seconds; the absolute end.
    pub expires_at: i64,
    /// The client's address.
    pub address: String,
    /// The browser's description.
    pub user_agent: String,
    /// Unix seconds at which a step-up had its password; its code may still be missing.
    pub password_proved_at: Option<i64>,
    /// Unix seconds at which the password and, where there is one, the second factor were proved last.
    pub stepped_up_at: Option<i64>,
    /// Unix seconds at which this session proved a second factor last; 0 where a trusted device stood in for it at the
    /// sign-in, and nothing where the password was all.
    pub factor_proved_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
