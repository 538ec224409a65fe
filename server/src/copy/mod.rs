//! A whole installation into another database, such as from SQLite to PostgreSQL: table by table, a page of rows at a
//! time, each page with the note of how far it is, so that a copy which was interrupted goes on. At the end each table is
//! read again from both, and held against the other. A backup is such a copy into a file, of what one transaction sees.

mod backup;
mod draft;
mod ended;
mod journal;
mod restore;
mod rows;
mod schema;
mod tables;
#[cfg(test)]
mod tests;

use crate::{
    error::Error,
    platform::{database, progress::Progress},
};
use journal::Journal;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use tables::Table;

pub use backup::{Backup, backup};
pub use ended::Ended;
pub use restore::{Restored, Sound, read_backup, restore};
pub use schema::is_new;

/// Rows in one statement. The widest table has 20 columns, and SQLite takes 32,766 values.
const PAGE: u64 = 1_000;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the databases is not what it has to be.
    #[error("{0}")]
    Refused(String),
    /// A table cannot be read or written.
    #[error("the table {0}: {1}")]
    Table(&'static str, Error),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// What was copied.
#[derive(Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many tables there are.
    pub tables: usize,
    /// How many rows they have.
    pub rows: u64,
}

/// What the two databases of a copy are called.
struct Sides {
    from: &'static str,
    to: &'static str,
}

const COPY: Sides = Sides { from: "The database to copy from", to: "The database to copy to" };

/// Copies everything, and holds both databases against each other. Both have the schema of this version; servers use neither.
///
/// # Errors
/// When one of them is not what it has to be, fails, or has other rows in the end.
pub async fn copy(from: &DatabaseConnection, to: &DatabaseConnection) -> Result<Copied, CopyError> {
    by_pages(from, to, PAGE, &COPY).await
}

/// Whether a database holds a copy that is not whole.
///
/// # Errors
/// When the database cannot be read.
pub async fn is_unfinished(db: &DatabaseConnection) -> Result<bool, Error> {
    journal::is_there(db).await
}

async fn by_pages(
    from: &impl ConnectionTrait,
    to: &DatabaseConnection,
    page: u64,
    sides: &Sides,
) -> Result<Copied, CopyError> {
    let (copied, journal) = all_rows(from, to, page, sides).await?;
    journal.close(to).await?;
    analyze(to).await?;
    Ok(copied)
}

/// Copies and compares. The notes of how far it is stay until whoever called has done the rest.
async fn all_rows(
    from: &impl ConnectionTrait,
    to: &DatabaseConnection,
    page: u64,
    sides: &Sides,
) -> Result<(Copied, Journal), CopyError> {
    schema::check(from, sides.from).await?;
    schema::check(to, sides.to).await?;
    let tables = tables::all();
    let journal = Journal::open(from, to, &tables, sides).await?;
    let (mut all, mut done) = (0, 0);
    for table in &tables {
        all += rows::count(from, table).await.map_err(|error| CopyError::Table(table.name, error))?;
        done += Journal::place_of(to, table).await?.rows;
    }
    let mut progress = Progress::new("Copying", done, all);
    for table in &tables {
        one(from, to, table, page, &mut progress).await.map_err(|error| CopyError::Table(table.name, error))?;
    }
    progress.end();
    let rows = compare(from, to, &tables, page).await?;
    Ok((Copied { tables: tables.len(), rows }, journal))
}

/// What PostgreSQL knows of its tables, by which it chooses how to read them, would come in a while by itself.
async fn analyze(db: &DatabaseConnection) -> Result<(), Error> {
    if db.get_database_backend() == DbBackend::Postgres {
        db.execute_unprepared("ANALYZE").await?;
    }
    Ok(())
}

/// Copies what is left of one table.
async fn one(
    from: &impl ConnectionTrait,
    to: &DatabaseConnection,
    table: &Table,
    page: u64,
    progress: &mut Progress,
) -> Result<(), Error> {
    let mut place = Journal::place_of(to, table).await?;
    if table.key.is_empty() && place.rows > 0 {
        return Ok(());
    }
    loop {
        let rows = rows::page(from, table, place.last.as_deref(), page).await?;
        let (Some(last), count) = (rows.last(), rows.len() as u64) else { return Ok(()) };
        place.last = Some(table.key_of(last));
        place.rows += count;
        let transaction = database::begin(to).await?;
        rows::put(&transaction, table, rows).await?;
        Journal::note(&transaction, table, &place).await?;
        database::commit(transaction).await?;
        progress.add(count);
        if table.key.is_empty() {
            return Ok(());
        }
    }
}

/// Reads both databases whole. Tells how many rows there are.
async fn compare(
    from: &impl ConnectionTrait,
    to: &DatabaseConnection,
    tables: &[Table],
    page: u64,
) -> Result<u64, CopyError> {
    let mut all = 0;
    for table in tables {
        all += rows::count(from, table).await?;
    }
    let mut progress = Progress::new("Comparing", 0, all);
    let (mut different, mut rows) = (Vec::new(), 0);
    for table in tables {
        let (here, there) = tokio::join!(rows::sum(from, table, page), rows::sum(to, table, page));
        let of = |sum: Result<rows::Sum, Error>| sum.map_err(|error| CopyError::Table(table.name, error));
        let (here, there) = (of(here)?, of(there)?);
        if here != there {
            different.push(format!("{} ({} rows, and {} in the copy)", table.name, here.rows, there.rows));
        }
        rows += here.rows;
        progress.add(here.rows);
    }
    progress.end();
    if different.is_empty() {
        return Ok(rows);
    }
    Err(CopyError::Refused(format!(
        "The copy is not the same: {}. A server that runs on one of the databases changes it. Stop all servers, and copy into \
         a new database.",
        different.join(", ")
    )))
}
