//! What administration needs: configuration, audit events, links, deliveries, and more about accounts and sessions.

use super::tables::{foreign, index, table};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, integer, pk_uuid, string, text, text_null, uuid_null},
    sea_orm::DbBackend,
};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_administration"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        use ForeignKeyAction::{Cascade, SetNull};
        for (name, column) in [
            ("account", string("name_key").default("").to_owned()),
            ("account", big_integer_null("last_sign_in_at")),
            ("account", big_integer_null("grace_ends_at")),
            ("session", big_integer_null("password_proved_at")),
            ("session", big_integer_null("stepped_up_at")),
            ("enrollment", boolean("preferred").default(false).to_owned()),
        ] {
            manager.alter_table(Table::alter().table(Alias::new(name)).add_column(column).to_owned()).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared("UPDATE account SET name_key = lower(name)").await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // Searched by ranges of their beginnings, so they are compared by bytes, as SQLite does.
            for column in ["email_key", "name_key"] {
                let sql = format!("ALTER TABLE account ALTER COLUMN {column} TYPE varchar COLLATE \"C\"");
                db.execute_unprepared(&sql).await?;
            }
        }
        manager.drop_table(Table::drop().table(Alias::new("set_up_link")).to_owned()).await?;
        let tables = [
            table("configuration")
                .col(string("key").primary_key())
                .col(text("value"))
                .col(string("changed_by"))
                .col(big_integer("changed_at"))
                .to_owned(),
            // Without foreign keys: what happened stays when an account goes.
            table("audit_event")
                .col(pk_uuid("id"))
                .col(big_integer("at"))
                .col(string("action"))
                .col(string("outcome"))
                .col(uuid_null("actor_id"))
                .col(string("actor"))
                .col(uuid_null("subject_id"))
                .col(string("subject"))
                .col(string("address"))
                .col(text("details"))
                .to_owned(),
            table("link")
                .col(string("token_hash").primary_key())
                .col(string("purpose"))
                .col(uuid_null("account_id"))
                .col(string("audience"))
                .col(string("email"))
                .col(string("name"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("used_at"))
                .foreign_key(&mut foreign("link", "account_id", "account", Cascade))
                .to_owned(),
            table("delivery")
                .col(pk_uuid("id"))
                .col(string("kind"))
                .col(uuid_null("account_id"))
                .col(uuid_null("service_id"))
                .col(string("destination"))
                .col(text_null("body"))
                .col(big_integer("created_at"))
                .col(big_integer("expires_at"))
                .col(big_integer_null("leased_until"))
                .col(integer("attempts").default(0))
                .col(big_integer_null("sent_at"))
                .col(big_integer_null("failed_at"))
                .col(text_null("failure"))
                .foreign_key(&mut foreign("delivery", "account_id", "account", Cascade))
                .foreign_key(&mut foreign("delivery", "service_id", "service_provider", SetNull))
                .to_owned(),
            table("protection")
                .col(big_integer("day"))
                .col(string("audience"))
                .col(integer("accounts"))
                .col(integer("enrolled"))
                .primary_key(Index::create().col(Alias::new("day")).col(Alias::new("audience")))
                .to_owned(),
        ];
        for table in tables {
            manager.create_table(table).await?;
        }
        for index in [
            index("account", &["audience", "name_key", "id"], false),
            index("account", &["audience", "created_at", "id"], false),
            index("audit_event", &["at", "id"], false),
            index("audit_event", &["actor_id", "id"], false),
            index("audit_event", &["subject_id", "id"], false),
            index("audit_event", &["action", "at", "id"], false),
            index("link", &["account_id"], false),
            index("link", &["expires_at"], false),
            index("delivery", &["sent_at", "failed_at", "leased_until"], false),
            index("delivery", &["service_id", "sent_at"], false),
            index("delivery", &["account_id"], false),
            index("delivery", &["created_at"], false),
        ] {
            manager.create_index(index).await?;
        }
        special_indexes(manager).await?;
        append_only(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["protection", "delivery", "link", "audit_event", "configuration"] {
            manager.drop_table(Table::drop().table(Alias::new(name)).to_owned()).await?;
        }
        Ok(())
    }
}

/// Indexes over expressions, and over the few rows that failed.
async fn special_indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        // Searched by their beginnings, like the addresses of accounts.
        for column in ["actor", "subject"] {
            let sql = format!("ALTER TABLE audit_event ALTER COLUMN {column} TYPE varchar COLLATE \"C\"");
            db.execute_unprepared(&sql).await?;
        }
    }
    for index in [
        "audit_event_actor ON audit_event (lower(actor), at, id)",
        "audit_event_subject ON audit_event (lower(subject), at, id)",
        "audit_event_failure ON audit_event (at, id) WHERE outcome = 'failure'",
        "audit_event_action_failure ON audit_event (action, at, id) WHERE outcome = 'failure'",
        "delivery_failed ON delivery (failed_at, id) WHERE failed_at IS NOT NULL",
        "delivery_service_failed ON delivery (service_id, failed_at) WHERE failed_at IS NOT NULL",
    ] {
        db.execute_unprepared(&format!("CREATE INDEX {index}")).await?;
    }
    Ok(())
}

/// The database itself refuses to change or delete an audit event.
async fn append_only(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    if manager.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared(
            "CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$",
        )
        .await?;
        db.execute_unprepared(
            "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event \
             FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()",
        )
        .await?;
        return Ok(());
    }
    for change in ["UPDATE", "DELETE"] {
        let sql = format!(
            "CREATE TRIGGER audit_event_no_{} BEFORE {change} ON audit_event \
             BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
            change.to_lowercase()
        );
        db.execute_unprepared(&sql).await?;
    }
    // REPLACE deletes without asking the trigger above.
    db.execute_unprepared(
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event \
         WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id) \
         BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    )
    .await?;
    Ok(())
}
