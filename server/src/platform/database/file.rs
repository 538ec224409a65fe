//! A database in one file of SQLite that no server uses: a backup, while it is written and when it is read.

use crate::migration::Migrator;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use sea_orm_migration::MigratorTrait;
use std::{fs, path::Path, time::Duration};

/// Opens a file that is there to write into it, and brings it up to date. Nothing stands beside it meanwhile, and only
/// whoever closes it makes it outlast a power cut: one that is half-written is of no use anyhow.
///
/// # Errors
/// When it cannot be written, or holds something else.
pub async fn write(path: &Path) -> Result<DatabaseConnection, DbErr> {
    let db = connect(path, |sqlite| {
        sqlite.journal_mode(SqliteJournalMode::Memory).synchronous(SqliteSynchronous::Off).foreign_keys(true)
    })
    .await?;
    Migrator::up(&db, None).await?;
    Ok(db)
}

/// Opens a file to read it. It may be on a disk that cannot be written, and nothing is made beside it.
///
/// # Errors
/// When it cannot be read.
pub async fn read(path: &Path) -> Result<DatabaseConnection, DbErr> {
    connect(path, |sqlite| sqlite.read_only(true).immutable(true)).await
}

/// Looks at every page of the file.
///
/// # Errors
/// What is wrong with it.
pub async fn check(db: &DatabaseConnection, path: &Path) -> Result<(), DbErr> {
    let first = async |sql: &str| db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
    let row = first("PRAGMA integrity_check(1)").await?;
    let answer: Option<String> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    if answer.as_deref() != Some("ok") {
        return Err(DbErr::Custom(answer.unwrap_or_else(|| "it says nothing".to_owned())));
    }
    // A last page that is cut off would be taken for one that ends with nothing.
    let row = first("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").await?;
    let bytes: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    let there = fs::metadata(path).map_err(|error| DbErr::Custom(error.to_string()))?.len();
    if there < u64::try_from(bytes).unwrap_or_default() {
        return Err(DbErr::Custom(format!("it has {there} bytes of {bytes}")));
    }
    Ok(())
}

/// On one connection: another one would not see at once what a migration changed.
async fn connect(
    path: &Path,
    how: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let path = path.to_owned();
    // In an address some signs of a name would mean something else.
    let mut options = ConnectOptions::new("sqlite:file");
    options
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| how(sqlite.filename(&path)));
    Database::connect(options).await
}
