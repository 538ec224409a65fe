//! Opens the database, brings it up to date and begins transactions.

mod address;
pub mod file;
pub mod old_rows;
mod writes;

pub use writes::{Db, Transaction};

use super::{pooler, private};
use crate::{error::Error, migration::Migrator};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::{
        Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use sea_orm_migration::MigratorTrait;
use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

/// A number that names our migrations among PostgreSQL's advisory locks.
const MIGRATION_LOCK: i64 = 0x436f_756e_7465_7273;
/// The same for rules that look at many rows before they write one.
const RULE_LOCK: i64 = MIGRATION_LOCK + 1;
/// How many connections a server has at most.
const CONNECTIONS: u32 = 10;
/// A connection that was idle for so long is asked whether it still answers before it is used. One that was just used does, or
/// is found out as it would be anyhow; asking costs as much as a short statement, on SQLite a change of threads and back.
const IDLE: Duration = Duration::from_secs(1);
/// What a file that servers lock, one at a time, is named after the database file.
const LOCK: &str = ".lock";
/// What SQLite keeps beside a database file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Connects and migrates.
///
/// # Errors
/// When the database cannot be reached, opened or brought up to date.
pub async fn open(url: &str) -> Result<DatabaseConnection, DbErr> {
    if let Some(path) = sqlite_path(url) {
        let _lock = lock(path)?;
        keep_private(path)?;
        // On one connection: another one would believe that a dropped index is still there.
        let alone = connect(url, 1).await?;
        migrate(&alone).await?;
        alone.close().await?;
        return connect(url, CONNECTIONS).await;
    }
    let db = reach(url).await?;
    migrate(&db).await?;
    Ok(db)
}

/// Connects without bringing anything up to date.
///
/// # Errors
/// When the database cannot be reached or opened.
pub async fn reach(url: &str) -> Result<DatabaseConnection, DbErr> {
    // Every connection to ":memory:" would be a database of its own. On PostgreSQL one more hears the other servers.
    let db = connect(url, if url.contains(":memory:") { 1 } else { CONNECTIONS + 1 }).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        pooler::check(&db).await?;
    }
    Ok(db)
}

/// Whether it is a SQLite file that does not exist yet.
pub fn is_missing(url: &str) -> bool {
    sqlite_path(url).is_some_and(|path| !Path::new(path).exists())
}

/// All files of a SQLite database, whether they are there or not; the database itself first. None of other databases.
pub fn files(url: &str) -> Vec<PathBuf> {
    let Some(path) = sqlite_path(url) else { return Vec::new() };
    ["", LOCK].iter().chain(&BESIDE).map(|end| PathBuf::from(format!("{path}{end}"))).collect()
}

/// The file of a SQLite address; nothing for other databases and for one in memory.
fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    (!path.contains(":memory:")).then_some(path)
}

async fn connect(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    address::check(url)?;
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(5))
        .acquire_timeout(Duration::from_secs(10))
        // Whoever looks for connections to close may count 2^64 of them and never end, which holds a core and the end of
        // the process (sqlx#3645, in 0.9.0 too). So all stay; those in memory have to, for they are the database.
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(writes::PATIENCE)
        })
        .test_before_acquire_if_idle_for(IDLE)
        // Where a disk is full, SQLite ends a transaction by itself, of which its connection is not told: it would take
        // the next one for a part of that, and never give back the lock.
        .map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        // PgBouncer refuses clients that ask for it, and we store no such numbers.
        .map_sqlx_postgres_opts(|postgres| postgres.extra_float_digits(None::<i8>));
    Database::connect(options).await.map_err(|error| address::explain(error, url))
}

/// Runs the migrations, all or none of them: whoever stops the process in the middle finds everything as it was. One process
/// at a time: PostgreSQL holds a lock for it.
async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let whole = db.begin().await?;
    if db.get_database_backend() == DbBackend::Postgres {
        whole.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
    }
    Migrator::up(&whole, None).await?;
    whole.commit().await
}

/// A SQLite file is locked beside it.
fn lock(path: &str) -> Result<File, DbErr> {
    let name = format!("{path}{LOCK}");
    let lock = private::file(Path::new(&name)).map_err(|error| not_private(&name, &error))?;
    lock.lock().map_err(|e| DbErr::Custom(e.to_string()))?;
    Ok(lock)
}

/// Makes the database file and what SQLite keeps beside it unreadable for others. SQLite gives files that it makes
/// later the mode of the database file.
fn keep_private(path: &str) -> Result<(), DbErr> {
    private::file(Path::new(path)).map_err(|error| not_private(path, &error))?;
    for beside in BESIDE.map(|end| format!("{path}{end}")) {
        private::existing_file(Path::new(&beside)).map_err(|error| not_private(&beside, &error))?;
    }
    Ok(())
}

fn not_private(path: &str, error: &std::io::Error) -> DbErr {
    DbErr::Custom(format!("{path} cannot be opened or made private (mode 600): {error}"))
}

/// Begins a transaction that will write. SQLite must know at once, or a later write fails with BUSY.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin(db: &DatabaseConnection) -> Result<Transaction, Error> {
    let turn = writes::turn(db.get_database_backend()).await?;
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() };
    Ok(Transaction::with(db.begin_with_options(options).await?, turn))
}

/// Begins a transaction that only reads, and sees the database as it is now for as long as it lasts, while others write.
///
/// # Errors
/// When the database cannot be reached.
pub async fn snapshot(db: &DatabaseConnection) -> Result<Transaction, Error> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let options = TransactionOptions {
        isolation_level: postgres.then_some(IsolationLevel::RepeatableRead),
        access_mode: postgres.then_some(AccessMode::ReadOnly),
        sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
    };
    let transaction = Transaction::with(db.begin_with_options(options).await?, None);
    // It is the moment of the first look at a table that counts.
    let look = if postgres { "SELECT count(*) FROM pg_class" } else { "SELECT count(*) FROM sqlite_master" };
    transaction.query_one_raw(Statement::from_string(transaction.get_database_backend(), look)).await?;
    Ok(transaction)
}

/// Begins a transaction that runs after all others of its kind have ended, for rules such as "one administrator has to
/// stay": two of them side by side would each see the row that the other one is about to change. On SQLite every
/// writing transaction is alone.
///
/// # Errors
/// When the database cannot be reached.
pub async fn begin_alone(db: &DatabaseConnection) -> Result<Transaction, Error> {
    let transaction = begin(db).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({RULE_LOCK})")).await?;
    }
    Ok(transaction)
}

/// Makes what a transaction did count.
///
/// # Errors
/// When the database cannot be reached or refuses it; nothing of it counts then.
pub async fn commit(transaction: Transaction) -> Result<(), Error> {
    Ok(transaction.commit().await?)
}

/// Drops what a transaction did.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rollback(transaction: Transaction) -> Result<(), Error> {
    Ok(transaction.rollback().await?)
}

/// Begins a part of a transaction that can be dropped alone.
///
/// # Errors
/// When the database cannot be reached.
pub async fn nested(transaction: &DatabaseTransaction) -> Result<Transaction, Error> {
    Ok(Transaction::with(transaction.begin().await?, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs::{self, Permissions},
        os::unix::fs::PermissionsExt,
    };

    /// The names and modes of all files of a folder.
    fn modes(folder: &Path) -> Vec<(String, u32)> {
        let files = fs::read_dir(folder).expect("reads").map(|file| file.expect("a file"));
        let mode = |file: &fs::DirEntry| file.metadata().expect("it is there").permissions().mode() & 0o777;
        let mut modes: Vec<_> =
            files.map(|file| (file.file_name().to_string_lossy().into_owned(), mode(&file))).collect();
        modes.sort();
        modes
    }

    #[tokio::test]
    async fn a_transaction_that_sqlite_has_ended_by_itself_leaves_no_lock_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("c.db").display());
        // The same connection again and again.
        let db = connect(&url, 1).await.expect("a database");
        let ended = begin(&db).await.expect("begins");
        // As on a full disk.
        ended.execute_unprepared("ROLLBACK").await.expect("ends");
        drop(ended);
        let next = begin(&db).await.expect("begins");
        next.execute_unprepared("CREATE TABLE t (n)").await.expect("writes");
        rollback(next).await.expect("ends");
        let other = connect(&url, 1).await.expect("another server");
        begin(&other).await.expect("nobody has the lock");
    }

    #[tokio::test]
    async fn of_migrations_that_fail_none_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.db");
        let url = format!("sqlite://{}?mode=rwc", path.display());
        let names = async |db: &DatabaseConnection| {
            let names = "SELECT name FROM sqlite_master WHERE type = 'table'";
            let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), names)).await;
            rows.expect("answers").len()
        };
        let db = connect(&url, 1).await.expect("a database");
        // One of the later ones makes a table of this name.
        db.execute_unprepared("CREATE TABLE audit_retention (n)").await.expect("a table");
        open(&url).await.expect_err("it stands in the way");
        assert_eq!(names(&db).await, 1, "what was made before it");
        db.execute_unprepared("DROP TABLE audit_retention").await.expect("gone");
        db.close().await.expect("closed");
        let db = open(&url).await.expect("up to date");
        assert!(names(&db).await > 20);
    }

    #[tokio::test]
    async fn nobody_looks_for_connections_to_close() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("c.db").display());
        let db = connect(&url, 2).await.expect("a database");
        let pool = db.get_sqlite_connection_pool().options();
        assert_eq!((pool.get_idle_timeout(), pool.get_max_lifetime()), (None, None));
    }

    #[tokio::test]
    async fn statements_are_not_planned_anew_for_each_value() {
        let db = connect("sqlite::memory:", 1).await.expect("a database");
        let option = "SELECT sqlite_compileoption_used('ENABLE_QPSG') AS used";
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), option)).await.expect("answers");
        let used = row.expect("a row").try_get::<i64>("", "used");
        assert_eq!(used, Ok(1), "SQLite was compiled before .cargo/config.toml said so: cargo clean -p libsqlite3-sys");
    }

    #[tokio::test]
    async fn every_file_of_a_sqlite_database_is_private_also_one_from_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("c.db").display());
        let private = ["c.db", "c.db-shm", "c.db-wal", "c.db.lock"].map(|name| (name.to_owned(), 0o600));
        let first = open(&url).await.expect("a database");
        assert_eq!(modes(folder.path()), private);
        for (name, _) in &private {
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).expect("opened");
        }
        let _second = open(&url).await.expect("the same database");
        assert_eq!(modes(folder.path()), private);
        first.close().await.expect("closed");
    }
}
