//! Browsers that have signed in before, and what a trusted device's token was a moment ago.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, pk_uuid, string, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_known_browsers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let known_browser = table("known_browser")
            .col(pk_uuid("id"))
            .col(uuid("account_id"))
            .col(string("token_hash"))
            .col(big_integer("created_at"))
            .col(big_integer("last_used_at"))
            .foreign_key(&mut foreign("known_browser", "account_id", "account", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(known_browser).await?;
        for index in [
            index("known_browser", &["account_id", "token_hash"], true),
            index("known_browser", &["token_hash"], false),
            index("known_browser", &["last_used_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        let db = manager.get_connection();
        for sql in [
            "ALTER TABLE trusted_device ADD COLUMN previous_hash varchar",
            "ALTER TABLE trusted_device ADD COLUMN rotated_at bigint",
            "CREATE INDEX trusted_device_previous_hash ON trusted_device (previous_hash)",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "DROP INDEX trusted_device_previous_hash",
            "ALTER TABLE trusted_device DROP COLUMN rotated_at",
            "ALTER TABLE trusted_device DROP COLUMN previous_hash",
            "DROP TABLE known_browser",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
