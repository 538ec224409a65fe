//! Secondary auths and entries that were deleted, which can be brought back for a day.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, pk_uuid, string, string_null, text, text_null, uuid},
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_deleted"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let cascade = ForeignKeyAction::Cascade;
        let tables = [
            table("deleted_secondary_auth")
                .col(pk_uuid("id"))
                .col(uuid("service_id"))
                .col(string("title"))
                .col(big_integer("created_at"))
                .col(text("fallbacks"))
                .col(big_integer("deleted_at"))
                .col(string("deleted_by"))
                .foreign_key(&mut foreign("deleted_secondary_auth", "service_id", "service_provider", cascade))
                .to_owned(),
            // Its secondary auth may be deleted too, so the database does not look for it.
            table("deleted_entry")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(uuid("secondary_auth_id"))
                .col(string_null("destination"))
                .col(big_integer("added_at"))
                .col(big_integer_null("last_used_at"))
                .col(boolean("preferred"))
                .col(text_null("secret"))
                .col(big_integer_null("last_step"))
                .col(boolean("with_auth"))
                .col(big_integer("deleted_at"))
                .foreign_key(&mut foreign("deleted_entry", "account_id", "account", cascade))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for index in [
            index("deleted_secondary_auth", &["service_id"], false),
            index("deleted_entry", &["account_id"], false),
            index("deleted_entry", &["secondary_auth_id"], false),
            index("deleted_entry", &["deleted_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["deleted_entry", "deleted_secondary_auth"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}
