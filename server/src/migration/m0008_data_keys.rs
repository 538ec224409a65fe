//! Keys that seal stored secrets, wrapped by the key outside of the database. The first start after this fills it.

use super::tables::table;
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_data_keys"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let data_key = table("data_key")
            .col(integer("id").primary_key())
            .col(text("wrapped"))
            .col(big_integer("created_at"))
            .col(big_integer_null("finished_at"))
            .to_owned();
        manager.create_table(data_key).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("data_key")).to_owned()).await
    }
}
