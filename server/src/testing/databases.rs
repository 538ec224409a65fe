//! Which databases a test runs on.

use super::Fixture;
use crate::platform::database;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement, TransactionTrait};
use std::time::UNIX_EPOCH;
use uuid::Uuid;

/// Runs a test on SQLite and on PostgreSQL.
pub async fn on_every_database<F: Future<Output = ()>>(test: impl Fn(Fixture) -> F) {
    let setting = |name| std::env::var(name).ok();
    let postgres = postgres(setting("TEST_POSTGRES_URL"), setting("COUNTERSIGN_TEST_SQLITE_ONLY").as_deref());
    // Asked before anything runs: half a test that passes would look like all of it.
    let postgres = postgres.unwrap_or_else(|problem| panic!("{problem}"));
    test(Fixture::build("sqlite::memory:").await).await;
    let Some(url) = postgres else { return };
    // A database of its own for every test, so that they run side by side.
    let name = format!("t{}", Uuid::now_v7().simple());
    let server = database::reach(&url).await.expect("PostgreSQL answers");
    let (base, _) = url.rsplit_once('/').expect("an address with a database");
    let template = with_tables(&server, base).await.expect("a database with tables");
    server.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a database");
    test(Fixture::build(&format!("{base}/{name}")).await).await;
    // Hundreds of them would fill a small disk. A test that failed leaves its own to be looked at.
    server.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await.expect("it is gone");
}

/// The name of a database that has all tables and no rows. Whichever test comes first makes it: creating the tables again for
/// each test would be a third of its time. Another build of the tests makes another one.
async fn with_tables(server: &DatabaseConnection, base: &str) -> Result<String, DbErr> {
    let program = std::env::current_exe().and_then(|program| program.metadata()?.modified()).expect("a program");
    let built_at = program.duration_since(UNIX_EPOCH).expect("a time after 1970").as_nanos();
    let name = format!("tables_{built_at}");
    // Held until this transaction ends. What is made meanwhile is made by another connection.
    let lock = server.begin().await?;
    lock.execute_unprepared("SELECT pg_advisory_xact_lock(6238)").await?;
    let known = "SELECT 1 FROM pg_database WHERE datname = $1";
    let known = Statement::from_sql_and_values(server.get_database_backend(), known, [name.clone().into()]);
    if lock.query_one_raw(known).await?.is_none() {
        server.execute_unprepared("DROP DATABASE IF EXISTS tables_unfinished WITH (FORCE)").await?;
        server.execute_unprepared("CREATE DATABASE tables_unfinished").await?;
        database::open(&format!("{base}/tables_unfinished")).await?.close().await?;
        server.execute_unprepared(&format!("ALTER DATABASE tables_unfinished RENAME TO {name}")).await?;
    }
    lock.commit().await?;
    Ok(name)
}

/// The PostgreSQL server that tests use, or none where somebody said so.
fn postgres(url: Option<String>, sqlite_only: Option<&str>) -> Result<Option<String>, &'static str> {
    match (url, sqlite_only) {
        (Some(url), _) => Ok(Some(url)),
        (None, Some("1")) => Ok(None),
        (None, _) => {
            Err("this test needs PostgreSQL: set TEST_POSTGRES_URL to what `scripts/postgres.sh start` prints, \
             or COUNTERSIGN_TEST_SQLITE_ONLY=1 to leave that half out")
        }
    }
}

#[test]
fn no_test_leaves_postgresql_out_silently() {
    let url = || Some("postgres://localhost/postgres".to_owned());
    assert_eq!(postgres(url(), None), Ok(url()));
    assert_eq!(postgres(url(), Some("1")), Ok(url()));
    assert_eq!(postgres(None, Some("1")), Ok(None));
    for unclear in [None, Some(""), Some("0"), Some("yes")] {
        assert!(postgres(None, unclear).is_err(), "{unclear:?}");
    }
}

/// A fixture on SQLite alone, for tests of what does not depend on the database.
pub async fn sqlite() -> Fixture {
    Fixture::build("sqlite::memory:").await
}
