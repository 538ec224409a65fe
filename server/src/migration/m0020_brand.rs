//! The brand, as far as administrators set it, and what they are typing for it.

use super::tables::{foreign, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text, text_null, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0020_brand"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            table("brand")
                .col(string("key").primary_key())
                .col(text("value"))
                // Files, in base64: a type that is the same everywhere.
                .col(text_null("data"))
                .col(big_integer("changed_at"))
                .col(string("changed_by"))
                .to_owned(),
            table("brand_draft")
                .col(uuid("account_id").primary_key())
                .col(text("typed"))
                .col(big_integer("at"))
                .foreign_key(&mut foreign("brand_draft", "account_id", "account", ForeignKeyAction::Cascade))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["brand_draft", "brand"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}
