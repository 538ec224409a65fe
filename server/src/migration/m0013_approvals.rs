//! Changes that wait for a second administrator; and how often the failures of an account were taken back, by which a
//! request knows whether its own still counts.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, pk_uuid, string, text, text_null, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_approvals"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let request = table("approval_request")
            .col(pk_uuid("id"))
            .col(uuid("account_id"))
            .col(string("asker"))
            .col(string("action"))
            .col(text_null("about"))
            .col(text_null("details"))
            .col(text("change"))
            .col(big_integer("asked_at"))
            .col(big_integer("expires_at"))
            .foreign_key(&mut foreign("approval_request", "account_id", "account", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(request).await?;
        manager.create_index(index("approval_request", &["account_id"], false)).await?;
        let db = manager.get_connection();
        db.execute_unprepared("ALTER TABLE account ADD COLUMN factor_clears integer NOT NULL DEFAULT 0").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("ALTER TABLE account DROP COLUMN factor_clears").await?;
        manager.drop_table(Table::drop().table(Alias::new("approval_request")).to_owned()).await
    }
}
