//! Lists of accounts at scale: the words that accounts are found by, and indexes for every order and filter.

use super::{old_accounts::old_accounts_after, tables::index};
use crate::accounts::{search_words::words_of, store};
use sea_orm_migration::{prelude::*, sea_orm::DbBackend};
use uuid::Uuid;

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        // Nothing is sorted by NULL. SQLite cannot add a column that is stored, PostgreSQL knows no other.
        let stored = if postgres { "STORED" } else { "VIRTUAL" };
        for sql in [
            "ALTER TABLE account ADD COLUMN enrolled boolean NOT NULL DEFAULT FALSE".to_owned(),
            "UPDATE account SET enrolled = TRUE WHERE id IN (SELECT account_id FROM enrollment)".to_owned(),
            format!(
                "ALTER TABLE account ADD COLUMN last_sign_in_key bigint \
                 GENERATED ALWAYS AS (COALESCE(last_sign_in_at, 0)) {stored}"
            ),
            if postgres { POSTGRES_TABLE } else { SQLITE_TABLE }.to_owned(),
            // The locked accounts are few, so they are taken as they are and sorted.
            "CREATE INDEX account_locked ON account (audience, factor_locked_until) \
             WHERE factor_locked_until IS NOT NULL"
                .to_owned(),
        ] {
            db.execute_unprepared(&sql).await?;
        }
        for column in ["name_key", "email_key", "created_at", "last_sign_in_key"] {
            manager.create_index(index("account", &["audience", "enrolled", column, "id"], false)).await?;
        }
        // By its address, an invitation is found, and replaced by a newer one.
        manager.create_index(index("link", &["purpose", "audience", "email"], false)).await?;
        // Those above take their place.
        for name in ["account_audience_name_key_id", "account_audience_created_at_id"] {
            db.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        give_words(db).await?;
        manager.create_index(index("account_word", &["account_id", "word"], false)).await?;
        for sql in if postgres { POSTGRES_TRIGGERS } else { SQLITE_TRIGGERS } {
            db.execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared("DROP FUNCTION enrollment_changed, account_changed CASCADE").await?;
        } else {
            for name in ["enrollment_added", "enrollment_removed", "account_changed"] {
                db.execute_unprepared(&format!("DROP TRIGGER {name}")).await?;
            }
        }
        manager.drop_table(Table::drop().table(Alias::new("account_word")).to_owned()).await?;
        for name in [
            "account_locked",
            "account_audience_enrolled_name_key_id",
            "account_audience_enrolled_email_key_id",
            "account_audience_enrolled_created_at_id",
            "account_audience_enrolled_last_sign_in_key_id",
            "link_purpose_audience_email",
        ] {
            db.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        }
        for column in ["name_key", "created_at"] {
            manager.create_index(index("account", &["audience", column, "id"], false)).await?;
        }
        for column in ["last_sign_in_key", "enrolled"] {
            db.execute_unprepared(&format!("ALTER TABLE account DROP COLUMN {column}")).await?;
        }
        Ok(())
    }
}

/// The row is the index: a search reads one range of it.
const SQLITE_TABLE: &str = "CREATE TABLE account_word (\
    audience varchar NOT NULL, \
    word varchar NOT NULL, \
    account_id uuid_text NOT NULL REFERENCES account (id) ON DELETE CASCADE, \
    enrolled boolean NOT NULL, \
    name_key varchar NOT NULL, \
    email_key varchar NOT NULL, \
    created_at bigint NOT NULL, \
    last_sign_in_key bigint NOT NULL, \
    PRIMARY KEY (audience, word, account_id)) WITHOUT ROWID";

/// The same: all that a search needs stands in the index. Compared by bytes, as SQLite does.
const POSTGRES_TABLE: &str = "CREATE TABLE account_word (\
    audience varchar NOT NULL, \
    word varchar COLLATE \"C\" NOT NULL, \
    account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE, \
    enrolled boolean NOT NULL, \
    name_key varchar COLLATE \"C\" NOT NULL, \
    email_key varchar COLLATE \"C\" NOT NULL, \
    created_at bigint NOT NULL, \
    last_sign_in_key bigint NOT NULL, \
    PRIMARY KEY (audience, word, account_id) \
    INCLUDE (enrolled, name_key, email_key, created_at, last_sign_in_key))";

/// Whether an account is enrolled follows its entries, and the copies beside the words follow the account, whoever
/// changes them.
const SQLITE_TRIGGERS: &[&str] = &[
    "CREATE TRIGGER enrollment_added AFTER INSERT ON enrollment BEGIN \
     UPDATE account SET enrolled = TRUE WHERE id = NEW.account_id; END",
    "CREATE TRIGGER enrollment_removed AFTER DELETE ON enrollment BEGIN \
     UPDATE account SET enrolled = FALSE WHERE id = OLD.account_id \
     AND NOT EXISTS (SELECT 1 FROM enrollment WHERE account_id = OLD.account_id); END",
    "CREATE TRIGGER account_changed AFTER UPDATE OF enrolled, name_key, email_key, last_sign_in_at ON account BEGIN \
     UPDATE account_word SET enrolled = NEW.enrolled, name_key = NEW.name_key, email_key = NEW.email_key, \
     last_sign_in_key = COALESCE(NEW.last_sign_in_at, 0) WHERE account_id = NEW.id; END",
];

/// The same. The account is locked before its entries are looked for, so that of several changes at the same moment
/// the last one sees what the others did.
const POSTGRES_TRIGGERS: &[&str] = &[
    "CREATE FUNCTION enrollment_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     IF TG_OP = 'INSERT' THEN \
     UPDATE account SET enrolled = TRUE WHERE id = NEW.account_id; \
     ELSE \
     PERFORM 1 FROM account WHERE id = OLD.account_id FOR NO KEY UPDATE; \
     UPDATE account SET enrolled = FALSE WHERE id = OLD.account_id \
     AND NOT EXISTS (SELECT 1 FROM enrollment WHERE account_id = OLD.account_id); \
     END IF; RETURN NULL; END $$",
    "CREATE TRIGGER enrollment_changed AFTER INSERT OR DELETE ON enrollment \
     FOR EACH ROW EXECUTE FUNCTION enrollment_changed()",
    "CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
     UPDATE account_word SET enrolled = NEW.enrolled, name_key = NEW.name_key, email_key = NEW.email_key, \
     last_sign_in_key = NEW.last_sign_in_key WHERE account_id = NEW.id; \
     RETURN NULL; END $$",
    "CREATE TRIGGER account_changed AFTER UPDATE OF enrolled, name_key, email_key, last_sign_in_at ON account \
     FOR EACH ROW EXECUTE FUNCTION account_changed()",
];

/// Gives the accounts of before their words.
async fn give_words(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let mut last = Uuid::nil();
    loop {
        let rows = old_accounts_after(db, last).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.id;
        let words = rows.iter().flat_map(|row| words_of(&row.name, &row.email).into_iter().map(|word| (row.id, word)));
        store::put_words(db, words.collect()).await.map_err(|error| DbErr::Custom(error.to_string()))?;
    }
}
