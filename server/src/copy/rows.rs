//! Reads and writes rows as they are, and sums them up in a form that is the same on every database.

use super::tables::{Kind, Table};
use crate::error::Error;
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, QueryResult, Statement, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many rows a table has.
pub async fn count(db: &impl ConnectionTrait, table: &Table) -> Result<u64, Error> {
    let sql = format!("SELECT count(*) AS n FROM \"{}\"", table.name);
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let count = row.map(|row| row.try_get::<i64>("", "n")).transpose()?;
    Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
}

/// The next rows after one, in the order of the primary key.
pub async fn page(
    db: &impl ConnectionTrait,
    table: &Table,
    after: Option<&[Value]>,
    rows: u64,
) -> Result<Vec<Vec<Value>>, Error> {
    let found = db.query_all_raw(select(db.get_database_backend(), table, after, rows)).await?;
    let rows: Result<_, DbErr> = found.iter().map(|row| values(row, table)).collect();
    Ok(rows?)
}

fn select(backend: DatabaseBackend, table: &Table, after: Option<&[Value]>, rows: u64) -> Statement {
    let mut sql = format!("SELECT {} FROM \"{}\"", names(table, 0..table.columns.len()), table.name);
    if !table.key.is_empty() {
        let key = names(table, table.key.iter().copied());
        if after.is_some() {
            let places: Vec<_> = (1..=table.key.len()).map(|n| format!("${n}")).collect();
            sql.push_str(&format!(" WHERE ({key}) > ({})", places.join(", ")));
        }
        sql.push_str(&format!(" ORDER BY {key} LIMIT {rows}"));
    }
    Statement::from_sql_and_values(backend, sql, after.unwrap_or_default().iter().cloned())
}

fn names(table: &Table, places: impl Iterator<Item = usize>) -> String {
    places.map(|place| format!("\"{}\"", table.columns[place].name)).collect::<Vec<_>>().join(", ")
}

fn values(row: &QueryResult, table: &Table) -> Result<Vec<Value>, DbErr> {
    let value = |(place, kind)| {
        Ok(match kind {
            Kind::Uuid => row.try_get_by_index::<Option<Uuid>>(place)?.into(),
            Kind::Text => row.try_get_by_index::<Option<String>>(place)?.into(),
            Kind::Long => row.try_get_by_index::<Option<i64>>(place)?.into(),
            Kind::Int => row.try_get_by_index::<Option<i32>>(place)?.into(),
            Kind::Bool => row.try_get_by_index::<Option<bool>>(place)?.into(),
        })
    };
    table.columns.iter().map(|column| column.kind).enumerate().map(value).collect()
}

/// Stores rows. A table of one row has it already, as the migrations made it.
pub async fn put(db: &impl ConnectionTrait, table: &Table, rows: Vec<Vec<Value>>) -> Result<(), Error> {
    if table.key.is_empty() {
        db.execute_unprepared(&format!("DELETE FROM \"{}\"", table.name)).await?;
    }
    let width = table.columns.len();
    let places: Vec<_> = (0..rows.len())
        .map(|row| {
            let places: Vec<_> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", places.join(", "))
        })
        .collect();
    let sql = format!("INSERT INTO \"{}\" ({}) VALUES {}", table.name, names(table, 0..width), places.join(", "));
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, rows.into_iter().flatten());
    db.execute_raw(statement).await?;
    Ok(())
}

/// How many rows a table has, and a sum over all of them that does not depend on their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many rows.
    pub rows: u64,
    /// The sum of their hashes.
    pub hash: u128,
}

/// Sums up a table.
pub async fn sum(db: &impl ConnectionTrait, table: &Table, rows: u64) -> Result<Sum, Error> {
    let (mut sum, mut last) = (Sum::default(), None::<Vec<Value>>);
    loop {
        let found = page(db, table, last.as_deref(), rows).await?;
        let Some(end) = found.last() else { return Ok(sum) };
        last = Some(table.key_of(end));
        sum.rows += found.len() as u64;
        sum.hash = found.iter().fold(sum.hash, |hash, row| hash.wrapping_add(hash_of(row)));
        if table.key.is_empty() {
            return Ok(sum);
        }
    }
}

/// The hash of a row: of each value a letter for its kind, and its bytes, with their number where it varies.
fn hash_of(row: &[Value]) -> u128 {
    let mut hash = Sha256::new();
    for value in row {
        match value {
            Value::Uuid(Some(id)) => {
                hash.update(b"u");
                hash.update(id.as_bytes());
            }
            Value::String(Some(text)) => {
                hash.update(b"t");
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text.as_bytes());
            }
            Value::BigInt(Some(number)) => {
                hash.update(b"n");
                hash.update(number.to_be_bytes());
            }
            Value::Int(Some(number)) => {
                hash.update(b"n");
                hash.update(i64::from(*number).to_be_bytes());
            }
            Value::Bool(Some(yes)) => hash.update([b'b', u8::from(*yes)]),
            // Nothing. There are no other kinds.
            _ => hash.update(b"0"),
        }
    }
    let hash: [u8; 32] = hash.finalize().into();
    hash.iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}
