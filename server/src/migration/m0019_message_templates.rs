//! The words of messages, as far as administrators changed them, and what they are typing.

use super::tables::{foreign, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, string, text, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0019_message_templates"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            table("message_template")
                .col(string("message"))
                .col(string("language"))
                .col(text("subject"))
                .col(text("text"))
                .col(text("html"))
                .col(big_integer("changed_at"))
                .col(string("changed_by"))
                .primary_key(Index::create().col(Alias::new("message")).col(Alias::new("language")))
                .to_owned(),
            table("template_draft")
                .col(uuid("account_id"))
                .col(string("message"))
                .col(string("language"))
                .col(text("subject"))
                .col(text("text"))
                .col(text("html"))
                .col(big_integer("at"))
                .primary_key(
                    Index::create()
                        .col(Alias::new("account_id"))
                        .col(Alias::new("message"))
                        .col(Alias::new("language")),
                )
                .foreign_key(&mut foreign("template_draft", "account_id", "account", ForeignKeyAction::Cascade))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["template_draft", "message_template"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}
