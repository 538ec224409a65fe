//! How far a copy is, noted in the database that it goes into: by a table that is there until the end.

use super::{
    CopyError, Sides, rows, schema,
    tables::{Kind, Table},
};
use crate::error::Error;
use sea_orm::{ConnectionTrait, Statement, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// The table. The row without a name says what is copied.
pub const NAME: &str = "copy_progress";

/// Up to where a table is copied.
#[derive(Default)]
pub struct Place {
    /// The primary key of the last row.
    pub last: Option<Vec<Value>>,
    /// How many rows that were.
    pub rows: u64,
}

/// The notes.
pub struct Journal;

impl Journal {
    /// Goes on with a copy of the same installation, or begins one in an empty database.
    pub async fn open(
        from: &impl ConnectionTrait,
        to: &impl ConnectionTrait,
        tables: &[Table],
        sides: &Sides,
    ) -> Result<Self, CopyError> {
        let installation = installation(from, tables).await?;
        if is_there(to).await? {
            let begun = read(to, "").await?.map(|(installation, _)| installation);
            if begun.as_deref() == Some(installation.as_str()) {
                return Ok(Self);
            }
            return Err(CopyError::Refused(format!(
                "{} holds a part of another installation. Make a new database for this copy.",
                sides.to
            )));
        }
        for table in tables {
            // What has no key has its one row from the migrations.
            if !table.key.is_empty() && rows::count(to, table).await? > 0 {
                return Err(CopyError::Refused(format!(
                    "{} is not empty: there are rows in {}. Make a new database for the copy, and start no server on \
                     it before.",
                    sides.to, table.name
                )));
            }
        }
        let table =
            format!("CREATE TABLE {NAME} (name varchar PRIMARY KEY, last_key text NOT NULL, copied bigint NOT NULL)");
        to.execute_unprepared(&table).await.map_err(Error::from)?;
        write(to, "", &installation, 0).await?;
        Ok(Self)
    }

    /// Up to where a table is copied.
    pub async fn place_of(to: &impl ConnectionTrait, table: &Table) -> Result<Place, Error> {
        let Some((last, rows)) = read(to, table.name).await? else { return Ok(Place::default()) };
        let last: Vec<Json> = serde_json::from_str(&last)?;
        let value = |(place, value): (&usize, &Json)| value_of(table.columns[*place].kind, value);
        let last: Option<_> = table.key.iter().zip(&last).map(value).collect();
        let last = last.ok_or_else(|| Error::broken(format!("{NAME} cannot be read for {}", table.name)))?;
        Ok(Place { last: Some(last), rows })
    }

    /// Notes up to where a table is copied, with the rows themselves.
    pub async fn note(to: &impl ConnectionTrait, table: &Table, place: &Place) -> Result<(), Error> {
        let last: Vec<_> = place.last.iter().flatten().map(json_of).collect();
        write(to, table.name, &Json::from(last).to_string(), place.rows).await
    }

    /// Ends a copy that is whole.
    pub async fn close(self, to: &impl ConnectionTrait) -> Result<(), Error> {
        to.execute_unprepared(&format!("DROP TABLE {NAME}")).await?;
        Ok(())
    }
}

/// Whether a database holds a copy that is not whole.
pub async fn is_there(db: &impl ConnectionTrait) -> Result<bool, Error> {
    Ok(schema::names(db).await?.iter().any(|name| name == NAME))
}

/// What tells one installation from another: its keys.
async fn installation(from: &impl ConnectionTrait, tables: &[Table]) -> Result<String, Error> {
    let Some(keys) = tables.iter().find(|table| table.name == "data_key") else { return Ok(String::new()) };
    let sum = rows::sum(from, keys, super::PAGE).await?;
    Ok(format!("{:032x}", sum.hash))
}

async fn read(db: &impl ConnectionTrait, name: &str) -> Result<Option<(String, u64)>, Error> {
    let sql = format!("SELECT last_key, copied FROM {NAME} WHERE name = $1");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [name.into()]);
    let Some(row) = db.query_one_raw(statement).await? else { return Ok(None) };
    let rows: i64 = row.try_get("", "copied")?;
    Ok(Some((row.try_get("", "last_key")?, u64::try_from(rows).unwrap_or_default())))
}

async fn write(db: &impl ConnectionTrait, name: &str, last: &str, rows: u64) -> Result<(), Error> {
    let sql = format!(
        "INSERT INTO {NAME} (name, last_key, copied) VALUES ($1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key, copied = excluded.copied"
    );
    let values = [name.into(), last.into(), i64::try_from(rows).unwrap_or(i64::MAX).into()];
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// A part of a primary key. Those are ids, texts and numbers, and never nothing.
fn json_of(value: &Value) -> Json {
    match value {
        Value::Uuid(Some(id)) => id.to_string().into(),
        Value::String(Some(text)) => text.to_string().into(),
        Value::BigInt(Some(number)) => (*number).into(),
        Value::Int(Some(number)) => (*number).into(),
        _ => Json::Null,
    }
}

fn value_of(kind: Kind, json: &Json) -> Option<Value> {
    match kind {
        Kind::Uuid => json.as_str()?.parse::<Uuid>().ok().map(Value::from),
        Kind::Text => json.as_str().map(Value::from),
        Kind::Long => json.as_i64().map(Value::from),
        Kind::Int => json.as_i64().and_then(|number| i32::try_from(number).ok()).map(Value::from),
        Kind::Bool => None,
    }
}
