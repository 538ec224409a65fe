//! Sign-ins that never got their code, and what a link is about.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, string, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0014_notices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let half_sign_in = table("half_sign_in")
            .col(uuid("session_id").primary_key())
            .col(uuid("account_id"))
            .col(big_integer("began_at"))
            .col(big_integer("due_at"))
            .col(string("address"))
            .col(string("network"))
            .col(string("user_agent"))
            .col(boolean("known"))
            .foreign_key(&mut foreign("half_sign_in", "account_id", "account", ForeignKeyAction::Cascade))
            .to_owned();
        manager.create_table(half_sign_in).await?;
        for columns in [&["account_id"], &["due_at"]] {
            manager.create_index(index("half_sign_in", columns, false)).await?;
        }
        manager.get_connection().execute_unprepared("ALTER TABLE link ADD COLUMN event varchar").await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        for sql in ["ALTER TABLE link DROP COLUMN event", "DROP TABLE half_sign_in"] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
