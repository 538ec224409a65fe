//! Every channel: kinds of challenges, entries with a secret, recovery codes, and channels that an audience may not use.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, pk_uuid, string, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_channels"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "ALTER TABLE challenge ADD COLUMN kind varchar NOT NULL DEFAULT 'smtp'",
            "ALTER TABLE challenge ADD COLUMN secret text",
            "ALTER TABLE enrollment ADD COLUMN secret text",
            "ALTER TABLE enrollment ADD COLUMN last_step bigint",
            "ALTER TABLE policy ADD COLUMN forbidden varchar NOT NULL DEFAULT ''",
            "ALTER TABLE account ADD COLUMN suggestion_dismissed_at bigint",
            // An account may have several passkeys.
            "DROP INDEX enrollment_account_id_secondary_auth_id",
        ] {
            db.execute_unprepared(sql).await?;
        }
        let recovery_code = table("recovery_code")
            .col(pk_uuid("id"))
            .col(uuid("account_id"))
            .col(string("kind"))
            .col(string("code_hash"))
            .col(big_integer("created_at"))
            .col(big_integer_null("expires_at"))
            .col(big_integer_null("used_at"))
            .foreign_key(&mut foreign("recovery_code", "account_id", "account", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(recovery_code).await?;
        for index in [
            index("enrollment", &["account_id", "secondary_auth_id"], false),
            index("recovery_code", &["account_id"], false),
            index("delivery", &["service_id", "created_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "DROP INDEX delivery_service_id_created_at",
            "DROP TABLE recovery_code",
            "DROP INDEX enrollment_account_id_secondary_auth_id",
            // Without their secrets, these could not be proved.
            "DELETE FROM enrollment WHERE secret IS NOT NULL",
            "DELETE FROM challenge WHERE kind <> 'smtp'",
            "ALTER TABLE account DROP COLUMN suggestion_dismissed_at",
            "ALTER TABLE policy DROP COLUMN forbidden",
            "ALTER TABLE enrollment DROP COLUMN last_step",
            "ALTER TABLE enrollment DROP COLUMN secret",
            "ALTER TABLE challenge DROP COLUMN secret",
            "ALTER TABLE challenge DROP COLUMN kind",
        ] {
            db.execute_unprepared(sql).await?;
        }
        manager.create_index(index("enrollment", &["account_id", "secondary_auth_id"], true)).await
    }
}
