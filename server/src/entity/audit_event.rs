//! Who did what, to whom, when, from where, with what outcome.

use sea_orm::entity::prelude::*;

/// Who did what, to whom, when, from where, with what outcome.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    /// UUID v7, so that ids ascend with time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// An `Action` by name.
    pub action: String,
    /// `success` or `failure`.
    pub outcome: String,
    /// The account that acted, where there was one.
    pub actor_id: Option<Uuid>,
    /// Its address at that time, or what acted in place of an account.
    pub actor: String,
    /// The account that it was done to, where it was one.
    pub subject_id: Option<Uuid>,
    /// Its address at that time, or the title of what was changed.
    pub subject: String,
    /// The client's address.
    pub address: String,
    /// More, in plain words and without secrets.
    pub details: String,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
