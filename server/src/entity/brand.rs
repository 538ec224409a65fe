//! The parts of the brand that administrators set.

use sea_orm::{FromQueryResult, entity::prelude::*};

/// A part of the brand.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "brand")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What it is: the text itself, or the name of a file with its size.
    pub value: String,
    /// What stands in the file, in base64.
    pub data: Option<String>,
    /// Unix seconds of the last change.
    pub changed_at: i64,
    /// The address of the one who changed it.
    pub changed_by: String,
}

/// A part without the contents of its file.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Row {
    /// Which one.
    pub key: String,
    /// What it is.
    pub value: String,
}

/// No relations are followed through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
