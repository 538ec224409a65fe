//! What is missing is NULL, where the empty text said so; and a challenge names the one that took its place.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

/// (table, its columns with their types, the indexes over them)
type Columns = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const COLUMNS: [Columns; 4] = [
    (
        "challenge",
        &[
            ("destination", "varchar"),
            ("destination_key", "varchar"),
            ("code_hash", "varchar"),
            ("reference", "varchar"),
        ],
        &["challenge_destination_key_created_at ON challenge (destination_key, created_at)"],
    ),
    ("enrollment", &[("destination", "varchar")], &[]),
    (
        "link",
        &[("email", "varchar"), ("name", "varchar")],
        &["link_purpose_audience_email ON link (purpose, audience, email)"],
    ),
    (
        "audit_event",
        &[("actor", "varchar"), ("subject", "varchar"), ("address", "varchar"), ("details", "text")],
        &[
            "audit_event_actor ON audit_event (lower(actor), at, id)",
            "audit_event_subject ON audit_event (lower(subject), at, id)",
        ],
    ),
];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_none"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let id = if postgres { "uuid" } else { "uuid_text" };
        for sql in [
            format!("ALTER TABLE challenge ADD COLUMN replacement {id}"),
            // The next one of its session and purpose.
            "UPDATE challenge SET replacement = COALESCE((SELECT newer.id FROM challenge newer \
             WHERE newer.session_id = challenge.session_id AND newer.purpose = challenge.purpose \
             AND newer.id > challenge.id ORDER BY newer.id LIMIT 1), id) WHERE replaced_by IS NOT NULL"
                .to_owned(),
            "ALTER TABLE challenge DROP COLUMN replaced_by".to_owned(),
            "ALTER TABLE challenge RENAME COLUMN replacement TO replaced_by".to_owned(),
        ] {
            db.execute_unprepared(&sql).await?;
        }
        change(manager, true).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        change(manager, false).await?;
        for sql in [
            "ALTER TABLE challenge ADD COLUMN reference_of varchar",
            "UPDATE challenge SET reference_of = (SELECT newer.reference FROM challenge newer \
             WHERE newer.id = challenge.replaced_by) WHERE replaced_by IS NOT NULL",
            "ALTER TABLE challenge DROP COLUMN replaced_by",
            "ALTER TABLE challenge RENAME COLUMN reference_of TO replaced_by",
        ] {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

/// Makes the columns NULL where they are empty, or empty where they are NULL.
async fn change(manager: &SchemaManager<'_>, nullable: bool) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    // The one change of the log that its own rule is not about.
    let (open, close) = if postgres { POSTGRES_LOG } else { SQLITE_LOG };
    db.execute_unprepared(open).await?;
    for (table, columns, indexes) in COLUMNS {
        let statements =
            if postgres { in_place(table, columns, nullable) } else { anew(table, columns, indexes, nullable) };
        for sql in statements {
            db.execute_unprepared(&sql).await?;
        }
    }
    db.execute_unprepared(close).await?;
    Ok(())
}

const POSTGRES_LOG: (&str, &str) = (
    "ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only",
    "ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only",
);

const SQLITE_LOG: (&str, &str) = (
    "DROP TRIGGER audit_event_no_update",
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event \
     BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
);

/// PostgreSQL changes a column where it stands.
fn in_place(table: &str, columns: &[(&str, &str)], nullable: bool) -> Vec<String> {
    let each = |write: &dyn Fn(&str) -> String, between: &str| {
        columns.iter().map(|(name, _)| write(name)).collect::<Vec<_>>().join(between)
    };
    let values = |write: &dyn Fn(&str) -> String, which: &dyn Fn(&str) -> String| {
        format!("UPDATE {table} SET {} WHERE {}", each(write, ", "), each(which, " OR "))
    };
    let rule =
        |verb: &str| format!("ALTER TABLE {table} {}", each(&|name| format!("ALTER COLUMN {name} {verb}"), ", "));
    if nullable {
        vec![
            rule("DROP NOT NULL"),
            values(&|name| format!("{name} = NULLIF({name}, '')"), &|name| format!("{name} = ''")),
        ]
    } else {
        vec![
            values(&|name| format!("{name} = COALESCE({name}, '')"), &|name| format!("{name} IS NULL")),
            rule("SET NOT NULL"),
        ]
    }
}

/// SQLite knows only a new column in place of the old one.
fn anew(table: &str, columns: &[(&str, &str)], indexes: &[&str], nullable: bool) -> Vec<String> {
    let (rule, value) = if nullable { ("", "NULLIF") } else { (" NOT NULL DEFAULT ''", "COALESCE") };
    let mut statements = Vec::new();
    for index in indexes {
        statements.push(format!("DROP INDEX {}", index.split(' ').next().unwrap_or_default()));
    }
    for (name, kind) in columns {
        statements.push(format!("ALTER TABLE {table} ADD COLUMN new_{name} {kind}{rule}"));
    }
    let copies: Vec<_> = columns.iter().map(|(name, _)| format!("new_{name} = {value}({name}, '')")).collect();
    statements.push(format!("UPDATE {table} SET {}", copies.join(", ")));
    for (name, _) in columns {
        statements.push(format!("ALTER TABLE {table} DROP COLUMN {name}"));
        statements.push(format!("ALTER TABLE {table} RENAME COLUMN new_{name} TO {name}"));
    }
    for index in indexes {
        statements.push(format!("CREATE INDEX {index}"));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entity::{audit_event, challenge},
        testing::{PASSWORD, on_every_database},
    };
    use app::challenge::{port::ChallengePort, types::Purpose};
    use sea_orm_migration::sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Statement};

    #[tokio::test]
    async fn the_empty_text_of_before_becomes_null_and_back() {
        on_every_database(async |fixture| {
            fixture.enrolled_customer("carla@example.org").await;
            let session = fixture.password_session("carla@example.org").await;
            fixture.clock.pass(60);
            fixture.challenge().send_new_code(&session, Purpose::SignIn).await.expect("another code");
            let db = &fixture.core.db;
            let rows = async || {
                (
                    challenge::Entity::find().order_by_asc(challenge::Column::Id).all(db).await.expect("challenges"),
                    audit_event::Entity::find().order_by_asc(audit_event::Column::Id).all(db).await.expect("events"),
                )
            };
            let before = rows().await;
            assert!(before.0.iter().any(|challenge| challenge.replaced_by.is_some()));
            assert!(before.1.iter().any(|event| event.subject.is_none() && event.actor.is_some()));
            let manager = SchemaManager::new(&**db);
            Migration.down(&manager).await.expect("back");
            let empty = "SELECT id FROM audit_event WHERE subject = '' AND details IS NOT NULL";
            let found = db.query_all_raw(Statement::from_string(db.get_database_backend(), empty));
            assert!(!found.await.expect("answers").is_empty());
            assert!(db.execute_unprepared("UPDATE audit_event SET subject = NULL").await.is_err());
            Migration.up(&manager).await.expect("and again");
            assert_eq!(rows().await, before);
            assert!(
                db.execute_unprepared("UPDATE audit_event SET subject = 'x'").await.is_err(),
                "append-only as before"
            );
            fixture.log_in("carla@example.org", PASSWORD, None).await.expect("all goes on");
        })
        .await;
    }
}
