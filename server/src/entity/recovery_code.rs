//! A one-time code that stands in for a second factor.

use sea_orm::entity::prelude::*;

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
pub enum CodeKind {
    /// One of a set that the account's person keeps.
    Recovery,
    /// An administrator issued it.
    Helpdesk,
}

impl CodeKind {
    /// What it is, as the log has it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Recovery => "recovery code",
            Self::Helpdesk => "helpdesk code",
        }
    }
}

/// A one-time code that stands in for a second factor.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// The code's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose code.
    pub account_id: Uuid,
    /// Where it comes from.
    pub kind: CodeKind,
    /// Keyed hash of the code and its account.
    pub code_hash: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds; a recovery code has no end.
    pub expires_at: Option<i64>,
    /// Unix seconds of the one use.
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
