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

/// How the tables of a database stand to those of this version.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// They are the same.
    Current,
    /// A migration is missing, of this name.
    Older(String),
    /// A later version ran a migration of this name.
    Newer(String),
    /// There is nothing of Countersign.
    Foreign,
}

/// How the tables of a database stand to those of this version.
pub async fn state(db: &impl ConnectionTrait) -> Result<State, Error> {
    if !names(db).await?.iter().any(|name| name == MIGRATIONS) {
        return Ok(State::Foreign);
    }
    let there = texts(db, &format!("SELECT version FROM {MIGRATIONS}")).await?;
    let ours: Vec<_> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if let Some(newer) = there.iter().find(|name| !ours.contains(name)) {
        return Ok(State::Newer(newer.clone()));
    }
    let missing = ours.into_iter().find(|name| !there.contains(name));
    Ok(missing.map_or(State::Current, State::Older))
}

/// Refuses a database that another version made, or another program.
pub async fn check(db: &impl ConnectionTrait, which: &str) -> Result<(), CopyError> {
    Err(CopyError::Refused(match state(db).await? {
        State::Current => return Ok(()),
        State::Foreign => format!("{which} holds nothing of Countersign. Check its address."),
        State::Newer(newer) => {
            format!("{which} was used by a newer version ({newer}). Use that version, or a later one.")
        }
        State::Older(missing) => {
            format!("{which} is not up to date ({missing} is missing). Run `countersign migrate` on it first.")
        }
    }))
}
