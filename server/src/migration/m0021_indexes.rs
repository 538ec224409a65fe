//! What searching and counting among a million accounts read from an index alone: the bits of an account's words, who is
//! enrolled, and who has set up a secondary auth.

use super::{old_accounts::old_accounts_after, tables::index};
use crate::accounts::search_words::{bits_of, words_of};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement, Value},
};
use uuid::Uuid;

/// What lists are sorted by.
const KEYS: [&str; 4] = ["name_key", "email_key", "created_at", "last_sign_in_key"];

pub struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0021_indexes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        // All bits: it is looked at, and not passed over.
        db.execute_unprepared("ALTER TABLE account ADD COLUMN search_bits bigint NOT NULL DEFAULT -1").await?;
        give_bits(db).await?;
        for key in KEYS {
            db.execute_unprepared(&format!("DROP INDEX account_audience_enrolled_{key}_id")).await?;
            manager.create_index(index("account", &["audience", "enrolled", key, "id", "search_bits"], false)).await?;
        }
        // How many there are stands on the Services Manager, and nothing else is read for it.
        db.execute_unprepared("CREATE INDEX account_enrolled ON account (audience) WHERE enrolled = TRUE").await?;
        db.execute_unprepared("DROP INDEX enrollment_secondary_auth_id").await?;
        manager.create_index(index("enrollment", &["secondary_auth_id", "account_id"], false)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DROP INDEX account_enrolled").await?;
        db.execute_unprepared("DROP INDEX enrollment_secondary_auth_id_account_id").await?;
        manager.create_index(index("enrollment", &["secondary_auth_id"], false)).await?;
        for key in KEYS {
            db.execute_unprepared(&format!("DROP INDEX account_audience_enrolled_{key}_id_search_bits")).await?;
            manager.create_index(index("account", &["audience", "enrolled", key, "id"], false)).await?;
        }
        db.execute_unprepared("ALTER TABLE account DROP COLUMN search_bits").await?;
        Ok(())
    }
}

/// Gives the accounts of before their bits.
async fn give_bits(db: &SchemaManagerConnection<'_>) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    // PostgreSQL takes values without a type for texts.
    let (id, bits) = if backend == DbBackend::Postgres { ("::uuid", "::bigint") } else { ("", "") };
    let mut last = Uuid::nil();
    loop {
        let rows = old_accounts_after(db, last).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.id;
        let places: Vec<_> = (1..=rows.len()).map(|n| format!("(${}{id}, ${}{bits})", 2 * n - 1, 2 * n)).collect();
        let sql = format!(
            "WITH v (id, bits) AS (VALUES {}) UPDATE account SET search_bits = v.bits FROM v WHERE account.id = v.id",
            places.join(", ")
        );
        let values =
            rows.iter().flat_map(|row| [Value::from(row.id), bits_of(&words_of(&row.name, &row.email)).into()]);
        db.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entity::account,
        testing::{PASSWORD, on_every_database},
    };
    use sea_orm_migration::sea_orm::{EntityTrait, QueryOrder};

    #[tokio::test]
    async fn accounts_of_before_get_their_bits() {
        on_every_database(async |fixture| {
            fixture.customer("carla@example.org").await;
            fixture.enrolled_customer("conrad@example.net").await;
            let db = &fixture.core.db;
            let rows =
                async || account::Entity::find().order_by_asc(account::Column::Id).all(db).await.expect("accounts");
            let before = rows().await;
            assert!(before.iter().all(|account| account.search_bits > 0));
            let manager = SchemaManager::new(&**db);
            Migration.down(&manager).await.expect("back");
            Migration.up(&manager).await.expect("and again");
            assert_eq!(rows().await, before);
            fixture.log_in("carla@example.org", PASSWORD, None).await.expect("all goes on");
        })
        .await;
    }
}
