//! What an administrator is typing for a message, and has not saved.

use super::stored::Stored;
use app::{
    language::types::Language,
    message_templates::types::{Message, Parts},
};
use sea_orm::entity::prelude::*;

/// What an administrator is typing for a message, and has not saved.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template_draft")]
pub struct Model {
    /// Who types.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// For which message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message: Stored<Message>,
    /// In which language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Stored<Language>,
    /// The subject line.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
    /// Unix seconds.
    pub at: i64,
}

impl Model {
    /// Its parts.
    pub fn parts(self) -> Parts {
        Parts { subject: self.subject, text: self.text, html: self.html }
    }
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
