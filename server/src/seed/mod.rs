//! Fills a database with made-up customers, entries, audit events and messages, to measure by. The same plan makes the same
//! rows; what was interrupted goes on. Nobody signs in as one of these customers: no password has their hash.

mod events;
mod people;
#[cfg(test)]
mod tests;

pub use people::{SERVICE, address_of, first_name, last_name};

use crate::{
    accounts::store,
    entity::{account, audit_event, delivery, enrollment},
    error::Error,
    platform::{database, progress::Progress},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use std::ops::Range;
use uuid::Uuid;

/// Rows in one statement.
const BATCH: u32 = 1_000;
/// Rows in one transaction of PostgreSQL.
const FEW: u32 = 10_000;
/// The same of SQLite, which writes each page of an index that a transaction has changed.
const MANY: u32 = 250_000;
/// How much of the database SQLite keeps in memory meanwhile: 1 GB.
const CACHE: &str = "PRAGMA cache_size = -1000000";

/// How much there shall be. What is there already stays.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Customers.
    pub customers: u32,
    /// Their entries, spread evenly; no customer has two more than another.
    pub entries: u32,
    /// Audit events.
    pub audit: u32,
    /// Messages, which are all on their way no more.
    pub messages: u32,
    /// Another seed makes other names.
    pub seed: u64,
    /// When the last thing happened.
    pub now: i64,
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// Made-up people are for databases of their own.
    #[error("This database has accounts of real people, such as {0}. Seed an empty one.")]
    Strangers(String),
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Fills the database.
///
/// # Errors
/// When it has accounts that were not made here, or fails.
pub async fn fill(db: &DatabaseConnection, plan: &Plan) -> Result<(), SeedError> {
    let stranger = account::Entity::find().filter(people::is_stranger()).one(db).await.map_err(Error::from)?;
    if let Some(account) = stranger {
        return Err(SeedError::Strangers(account.email));
    }
    let offers = people::offer(db, plan).await?;
    table::<account::Entity>("Customers", db, plan.customers, account::Column::Id, async |transaction, numbers| {
        let accounts: Vec<_> = numbers.clone().map(|n| people::customer(plan, n)).collect();
        put::<account::Entity, _>(transaction, accounts.clone()).await?;
        let entries = numbers.zip(&accounts).flat_map(|(n, one)| people::entries(plan, n, one, &offers)).collect();
        put::<enrollment::Entity, _>(transaction, entries).await?;
        // After the entries, so that nothing has to be changed in them.
        let words = accounts.iter().flat_map(people::words).collect();
        store::put_words(transaction, words).await
    })
    .await?;
    table::<audit_event::Entity>(
        "Audit events",
        db,
        plan.audit,
        audit_event::Column::Id,
        async |transaction, numbers| {
            put::<audit_event::Entity, _>(transaction, numbers.map(|n| events::event(plan, n)).collect()).await
        },
    )
    .await?;
    table::<delivery::Entity>("Messages", db, plan.messages, delivery::Column::Id, async |transaction, numbers| {
        put::<delivery::Entity, _>(transaction, numbers.map(|n| events::message(plan, n)).collect()).await
    })
    .await?;
    // What comes by itself after a while.
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let settle = if postgres { "VACUUM ANALYZE" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
    db.execute_unprepared(settle).await.map_err(Error::from)?;
    Ok(())
}

/// Brings one table to its number of rows.
async fn table<E: EntityTrait>(
    what: &'static str,
    db: &DatabaseConnection,
    wanted: u32,
    id: E::Column,
    make: impl AsyncFn(&DatabaseTransaction, Range<u32>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut next = next_number::<E>(db, id).await?;
    if next >= wanted {
        return Ok(());
    }
    let mut progress = Progress::new(what, u64::from(next), u64::from(wanted));
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    while next < wanted {
        let transaction = database::begin(db).await?;
        if sqlite {
            transaction.execute_unprepared(CACHE).await?;
        }
        let end = next.saturating_add(if sqlite { MANY } else { FEW }).min(wanted);
        while next < end {
            let batch = next..next.saturating_add(BATCH).min(end);
            next = batch.end;
            let rows = u64::from(batch.end - batch.start);
            make(&transaction, batch).await?;
            progress.add(rows);
        }
        database::commit(transaction).await?;
    }
    progress.end();
    Ok(())
}

async fn put<E, M>(db: &DatabaseTransaction, models: Vec<M>) -> Result<(), Error>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = models.into_iter().map(|model| sea_orm::ActiveModelTrait::reset_all(model.into_active_model()));
    // Customers with many entries have more of them than fit into a statement.
    loop {
        let some: Vec<_> = rows.by_ref().take(BATCH as usize).collect();
        if some.is_empty() {
            return Ok(());
        }
        E::insert_many(some).exec_without_returning(db).await?;
    }
}

/// The number of the first row that is not there. Ids from here are older than those of any server, and hold it.
async fn next_number<E: EntityTrait>(db: &DatabaseConnection, id: E::Column) -> Result<u32, Error> {
    let last = E::find().select_only().column(id).filter(id.lt(Uuid::from_u128(SERVERS))).order_by_desc(id);
    let last: Option<Uuid> = last.into_tuple().one(db).await?;
    Ok(last.map_or(0, |last| last.as_u128() as u32 + 1))
}

/// Before any id of a server: 2020.
const SERVERS: u128 = 1_577_836_800_000 << 80;
/// The first of ours: 2017.
const FIRST: u128 = 1_500_000_000_000;

/// An id of version 7 that is made of a number; later numbers have later ids.
fn id(kind: u16, number: u32) -> Uuid {
    let (version, variant) = (u128::from(0x7000 | kind) << 64, 0b10_u128 << 62);
    Uuid::from_u128(((FIRST + u128::from(number)) << 80) | version | variant | u128::from(number))
}

/// Numbers that look random, and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn of(plan: &Plan, number: u32) -> Self {
        let mut dice = Self(plan.seed);
        Self(dice.next().wrapping_add(u64::from(number) << 20))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn roll(&mut self, sides: u32) -> u32 {
        (self.next() >> 33) as u32 % sides
    }

    /// Small numbers are much more likely, as with names.
    fn roll_low(&mut self, sides: u32) -> u32 {
        let (a, b) = (self.roll(sides), self.roll(sides));
        (u64::from(a) * u64::from(b) / u64::from(sides)) as u32
    }
}
