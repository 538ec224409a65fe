//! Until when audit events may be removed. The database still refuses to change one, and to remove a younger one.

use super::tables::table;
use sea_orm_migration::{prelude::*, schema::big_integer, sea_orm::DbBackend};

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_audit_retention"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(table("audit_retention").col(big_integer("before")).to_owned()).await?;
        let db = manager.get_connection();
        db.execute_unprepared("INSERT INTO audit_retention (before) VALUES (0)").await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for sql in if postgres { POSTGRES } else { SQLITE } {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        for sql in if postgres { POSTGRES_BEFORE } else { SQLITE_BEFORE } {
            db.execute_unprepared(sql).await?;
        }
        manager.drop_table(Table::drop().table(Alias::new("audit_retention")).to_owned()).await
    }
}

const SQLITE: &[&str] = &[
    "DROP TRIGGER audit_event_no_delete",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event \
     WHEN OLD.at >= (SELECT MAX(before) FROM audit_retention) \
     BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
];

const SQLITE_BEFORE: &[&str] = &[
    "DROP TRIGGER audit_event_no_delete",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event \
     BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
];

const POSTGRES: &[&str] = &[
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR TRUNCATE ON audit_event \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()",
    "CREATE FUNCTION audit_event_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF OLD.at >= (SELECT MAX(before) FROM audit_retention) THEN \
     RAISE EXCEPTION 'audit events are append-only'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER audit_event_kept BEFORE DELETE ON audit_event \
     FOR EACH ROW EXECUTE FUNCTION audit_event_is_kept()",
];

const POSTGRES_BEFORE: &[&str] = &[
    "DROP TRIGGER audit_event_kept ON audit_event",
    "DROP FUNCTION audit_event_is_kept",
    "DROP TRIGGER audit_event_append_only ON audit_event",
    "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only()",
];
