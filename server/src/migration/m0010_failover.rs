//! Providers that stand in for others, and what takes one out that is down.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, integer, text_null, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_failover"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cascade = ForeignKeyAction::Cascade;
        let tables = [
            table("fallback")
                .col(uuid("secondary_auth_id"))
                .col(integer("position"))
                .col(uuid("service_id"))
                .primary_key(Index::create().col(Alias::new("secondary_auth_id")).col(Alias::new("position")))
                .foreign_key(&mut foreign("fallback", "secondary_auth_id", "secondary_auth", cascade))
                .foreign_key(&mut foreign("fallback", "service_id", "service_provider", ForeignKeyAction::Restrict))
                .to_owned(),
            table("breaker")
                .col(uuid("service_id").primary_key())
                .col(integer("failures"))
                .col(text_null("failure"))
                .col(big_integer_null("down_since"))
                .col(big_integer_null("retry_at"))
                .col(big_integer("pause"))
                .col(big_integer_null("told_at"))
                .foreign_key(&mut foreign("breaker", "service_id", "service_provider", cascade))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        manager.create_index(index("fallback", &["service_id"], false)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["breaker", "fallback"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}
