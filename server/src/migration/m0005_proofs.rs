//! When a session proved a second factor, whether an account's password came by its mailbox, and when a provider was
//! pointed elsewhere.

use sea_orm_migration::prelude::*;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_proofs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "ALTER TABLE session ADD COLUMN factor_proved_at bigint",
            "ALTER TABLE account ADD COLUMN reset_by_mail_at bigint",
            "ALTER TABLE service_provider ADD COLUMN redirected_at bigint",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in [
            "ALTER TABLE service_provider DROP COLUMN redirected_at",
            "ALTER TABLE account DROP COLUMN reset_by_mail_at",
            "ALTER TABLE session DROP COLUMN factor_proved_at",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
