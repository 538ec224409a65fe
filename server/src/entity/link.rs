//! A one-time link that was sent to somebody or printed at start.

use super::stored::Stored;
use crate::error::Error;
use app::{audit::types::Action, login::types::Audience};
use sea_orm::entity::prelude::*;

/// What a link allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
pub enum LinkPurpose {
    /// Creating the first administrator.
    SetUp,
    /// Creating an invited account.
    Invitation,
    /// Choosing a new password.
    PasswordReset,
    /// Finishing a registration.
    Registration,
    /// Proving a new address.
    EmailChange,
    /// Saying that what was done in an account's name was someone else. It gives nothing, it only stops things.
    NotMe,
}

/// A one-time link that was sent to somebody or printed at start.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link")]
pub struct Model {
    /// The hash of the token in the link.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// What it allows.
    pub purpose: LinkPurpose,
    /// The account that it is for, where there is one already.
    pub account_id: Option<Uuid>,
    /// The audience of that account or of the one to come.
    pub audience: Stored<Audience>,
    /// The address that it was sent to.
    pub email: Option<String>,
    /// The name that a new account starts with.
    pub name: Option<String>,
    /// What happened that it is about.
    pub event: Option<Stored<Action>>,
    /// When it was made.
    pub created_at: i64,
    /// Until when it works.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
}

impl Model {
    /// The name and the address of the account that it creates.
    ///
    /// # Errors
    /// When it is a link of another purpose.
    pub fn new_account(self) -> Result<(String, String), Error> {
        self.name.zip(self.email).ok_or_else(|| Error::broken("a link that creates nobody"))
    }
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
