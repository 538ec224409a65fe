//! The words that administrators gave a message, in a language.

use super::stored::Stored;
use app::{
    language::types::Language,
    message_templates::types::{Message, Parts},
};
use sea_orm::entity::prelude::*;

/// The words that administrators gave a message, in a language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_template")]
pub struct Model {
    /// Which message.
    #[sea_orm(primary_key, auto_increment = false)]
    pub message: Stored<Message>,
    /// In which language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Stored<Language>,
    /// The subject line, with placeholders.
    pub subject: String,
    /// The plain form.
    pub text: String,
    /// The HTML form.
    pub html: String,
    /// Unix seconds of the last change.
    pub changed_at: i64,
    /// The address of the one who changed it.
    pub changed_by: String,
}

impl Model {
    /// Its parts.
    pub fn parts(&self) -> Parts {
        Parts { subject: self.subject.clone(), text: self.text.clone(), html: self.html.clone() }
    }
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
