//! A person who signs in.

use super::{email_key::EmailKey, stored::Stored};
use app::{language::types::Language, login::types::Audience};
use sea_orm::entity::prelude::*;

/// A person who signs in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// The account's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it opens.
    pub audience: Stored<Audience>,
    /// The address as it was entered.
    pub email: String,
    /// The address in the one spelling that is compared.
    pub email_key: EmailKey,
    /// The person's name.
    pub name: String,
    /// PHC string of argon2id.
    pub password_hash: String,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds; a disabled account cannot sign in.
    pub disabled_at: Option<i64>,
    /// Consecutive wrong codes over all flows.
    pub factor_failures: i32,
    /// Unix seconds until which no code is checked.
    pub factor_locked_until: Option<i64>,
    /// The name in the one spelling that is sorted and searched by.
    pub name_key: String,
    /// What the words begin with that the account is found by (`accounts::search_words::bits_of`).
    pub search_bits: i64,
    /// Unix seconds of the last finished sign-in.
    pub last_sign_in_at: Option<i64>,
    /// Unix seconds until which a required second factor may still be missing; set once and never renewed.
    pub grace_ends_at: Option<i64>,
    /// Unix seconds since which a stronger second factor is not suggested any more.
    pub suggestion_dismissed_at: Option<i64>,
    /// Unix seconds at which a link in a message gave the account a new password; nothing once another factor than
    /// that mailbox was proved since.
    pub reset_by_mail_at: Option<i64>,
    /// The language that was chosen.
    pub language: Option<Stored<Language>>,
}

impl Model {
    /// The language of messages to this account: what it has chosen, or else that of the browser which asked.
    pub fn reads(&self, asked_in: Language) -> Language {
        self.language.map_or(asked_in, |language| language.0)
    }
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
