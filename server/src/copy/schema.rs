//! Whether a database is what this version works with.

use super::CopyError;
use crate::{error::Error, migration::Migrator};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

/// Where the migrations note which of them ran.
const MIGRATIONS: &str = "seaql_migrations";

/// Whether a database has no table at all, so that it can be made what it has to be.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_new(db: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(names(db).await?.is_empty())
}

/// The tables of a database.
pub async fn names(db: &impl ConnectionTrait) -> Result<Vec<String>, Error> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'",
    };
    texts(db, sql).await
}

async fn texts(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<String>, Error> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let names: Result<_, _> = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect();
    Ok(names?)
}

/// Refuses a database that another version made, or another program.
pub async fn check(db: &impl ConnectionTrait, which: &str) -> Result<(), CopyError> {
    if !names(db).await?.iter().any(|name| name == MIGRATIONS) {
        return Err(CopyError::Refused(format!("{which} holds nothing of Countersign. Check its address.")));
    }
    let there = texts(db, &format!("SELECT version FROM {MIGRATIONS}")).await?;
    let ours: Vec<_> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if let Some(newer) = there.iter().find(|name| !ours.contains(name)) {
        return Err(CopyError::Refused(format!(
            "{which} was used by a newer version ({newer}). Copy with that version."
        )));
    }
    if let Some(missing) = ours.iter().find(|name| !there.contains(name)) {
        return Err(CopyError::Refused(format!(
            "{which} is not up to date ({missing} is missing). Run `countersign migrate` on it first."
        )));
    }
    Ok(())
}
