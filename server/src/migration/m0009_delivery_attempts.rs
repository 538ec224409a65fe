//! Each attempt to deliver a message, and when a message is tried again.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, pk_uuid, text_null, uuid, uuid_null},
    sea_orm::DbBackend,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0009_delivery_attempts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let attempt = table("delivery_attempt")
            .col(pk_uuid("id"))
            .col(uuid("delivery_id"))
            .col(uuid_null("service_id"))
            .col(big_integer("began_at"))
            .col(big_integer("ended_at"))
            .col(text_null("failure"))
            .foreign_key(&mut foreign("delivery_attempt", "delivery_id", "delivery", ForeignKeyAction::Cascade))
            .foreign_key(&mut foreign("delivery_attempt", "service_id", "service_provider", ForeignKeyAction::SetNull))
            .to_owned();
        manager.create_table(attempt).await?;
        manager.create_index(index("delivery_attempt", &["delivery_id", "id"], false)).await?;
        manager.create_index(index("delivery_attempt", &["service_id"], false)).await?;
        let db = manager.get_connection();
        db.execute_unprepared("ALTER TABLE delivery ADD COLUMN retry_at bigint").await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Searched by its beginning, by bytes, as SQLite does.
            let sql = "ALTER TABLE delivery ALTER COLUMN destination TYPE varchar COLLATE \"C\"";
            db.execute_unprepared(sql).await?;
        }
        db.execute_unprepared("CREATE INDEX delivery_destination ON delivery (lower(destination), id)").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "DROP INDEX delivery_destination",
            "ALTER TABLE delivery DROP COLUMN retry_at",
            "DROP TABLE delivery_attempt",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
