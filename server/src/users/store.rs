//! Queries about lists of accounts, made for a million of them. A page begins at a place (the sort key and id of a
//! row) and is read from an index that has the wanted order, so that the last page costs what the first one does.
//!
//! A search takes one of two ways. Where its rarest word has no more rows than `COLLECT_MOST`, these are read (they
//! stand side by side, with all that is sorted and filtered by) and the best of them kept. Otherwise so many accounts
//! fit that walking along the sorted index soon fills a page, and where it does not, because common words hardly ever
//! meet in one account, most accounts are passed over by the bits of their words, which stand in that index.

use super::{
    sql::{Sql, column},
    wanted::{Page, Row, Search, Wanted},
};
use crate::{accounts::search_words, error::Error};
use app::{login::types::Audience, users::types::FactorFilter};
use sea_orm::{ConnectionTrait, FromQueryResult};

/// Up to this many rows of a word are read and sorted.
const COLLECT_MOST: u32 = 50_000;
/// How many of the best rows of the rarest word are held one by one against the other words: first few, then more.
const DEPTHS: [u32; 3] = [2_000, 20_000, COLLECT_MOST];
/// How many rows of a word are looked at to count accounts, where each has to be held against other words.
const COUNT_DEPTH: u32 = 2_000;
/// Far more accounts are never locked at a time: it takes their passwords.
const LOCKED_MOST: u32 = 100_000;

impl Search {
    /// Looks how rare each word is.
    pub async fn prepare(db: &impl ConnectionTrait, audience: Audience, words: Vec<String>) -> Result<Self, Error> {
        let mut counted = Vec::new();
        let mut beyond = COLLECT_MOST + 1;
        for word in words {
            let mut sql = Sql::default();
            sql.add("SELECT count(*) AS n, count(*) AS read FROM (SELECT 1 FROM account_word WHERE ");
            sql.add_range(audience, &word).add(&format!(" LIMIT {beyond}) c"));
            let rows = number(db, sql).await?.n;
            // By how much another word has more rows makes no difference.
            beyond = beyond.min(rows + 1);
            counted.push((rows, word));
        }
        counted.sort();
        let rows = counted.first().map_or(0, |(rows, _)| *rows);
        Ok(Self { words: counted.into_iter().map(|(_, word)| word).collect(), rows })
    }
}

const COLUMNS: &str = "a.id, a.name, a.email, a.enrolled, a.factor_failures, a.factor_locked_until, a.disabled_at, \
                       a.last_sign_in_at, a.created_at, a.name_key, a.email_key";

/// A page of the wanted accounts.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, page: &Page) -> Result<Vec<Row>, Error> {
    if wanted.factor == FactorFilter::Locked {
        return rows(db, locked(wanted, page)).await;
    }
    let Some(rarest) = wanted.words.words.split_first() else { return rows(db, walk(wanted, page)).await };
    if wanted.words.rows > COLLECT_MOST {
        return rows(db, walk(wanted, page)).await;
    }
    if rarest.1.is_empty() {
        // An account may stand there once for each of its words.
        return rows(db, collect(wanted, page, rarest, page.limit * search_words::MOST)).await;
    }
    let mut found = Vec::new();
    for depth in DEPTHS {
        found = rows(db, collect(wanted, page, rarest, depth)).await?;
        if found.len() >= page.limit as usize || wanted.words.rows <= depth {
            break;
        }
    }
    Ok(found)
}

/// How many accounts are wanted, as far as up to `most` can be counted quickly, and whether these are all.
pub async fn count(db: &impl ConnectionTrait, wanted: &Wanted, most: u32) -> Result<(u32, bool), Error> {
    if let (Some(rarest), true) = (wanted.words.words.split_first(), wanted.factor != FactorFilter::Locked) {
        return count_found(db, wanted, rarest, most).await;
    }
    let mut sql = Sql::default();
    sql.add("SELECT count(*) AS n, count(*) AS read FROM (SELECT 1 FROM account a WHERE a.audience = ");
    sql.bind(wanted.audience.as_str()).add_enrolled(wanted.factor);
    if wanted.factor == FactorFilter::Locked {
        sql.add_locked(wanted).add_words(&wanted.words.words, "a.id");
    }
    sql.add(&format!(" LIMIT {}) c", most + 1));
    let counted = number(db, sql).await?.n;
    Ok((counted.min(most), counted <= most))
}

/// Counts the accounts that a search finds.
async fn count_found(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    (rarest, others): (&String, &[String]),
    most: u32,
) -> Result<(u32, bool), Error> {
    // So many rows of one word belong to more than `most` accounts, however many words each has.
    let enough = (most + 1) * search_words::MOST;
    if others.is_empty() && wanted.factor == FactorFilter::All && wanted.words.rows >= enough {
        return Ok((most, false));
    }
    let mut sql = Sql::default();
    if wanted.words.rows > COLLECT_MOST && wanted.factor != FactorFilter::All {
        // Few rows of a common word may pass the filter, so the accounts that do are looked at instead.
        sql.add("SELECT count(CASE WHEN fits THEN 1 END) AS n, count(*) AS read FROM (");
        sql.add("SELECT (TRUE").add_words(&wanted.words.words, "s.id").add(") AS fits FROM (");
        sql.add("SELECT a.id FROM account a WHERE a.audience = ").bind(wanted.audience.as_str());
        sql.add_enrolled(wanted.factor).add(&format!(" LIMIT {COUNT_DEPTH}) s) f"));
        let Number { n, read } = number(db, sql).await?;
        return Ok((n.min(most), read < COUNT_DEPTH && n <= most));
    }
    let depth = if others.is_empty() { enough } else { COUNT_DEPTH };
    sql.add("SELECT count(DISTINCT CASE WHEN fits THEN account_id END) AS n, count(*) AS read FROM (");
    sql.add("SELECT s.account_id, (TRUE").add_words(others, "s.account_id").add(") AS fits FROM (");
    sql.add("SELECT account_id FROM account_word WHERE ").add_range(wanted.audience, rarest);
    sql.add_enrolled(wanted.factor).add(&format!(" LIMIT {depth}) s) f"));
    let Number { n, read } = number(db, sql).await?;
    Ok((n.min(most), read < depth && n <= most))
}

#[derive(FromQueryResult)]
struct Counted {
    n: i64,
    read: i64,
}

/// What was counted, and how many rows were read for it.
struct Number {
    n: u32,
    read: u32,
}

async fn number(db: &impl ConnectionTrait, sql: Sql) -> Result<Number, Error> {
    let counted = Counted::find_by_statement(sql.statement(db)).one(db).await?;
    let small = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    Ok(counted.map_or(Number { n: 0, read: 0 }, |c| Number { n: small(c.n), read: small(c.read) }))
}

async fn rows(db: &impl ConnectionTrait, sql: Sql) -> Result<Vec<Row>, Error> {
    Ok(Row::find_by_statement(sql.statement(db)).all(db).await?)
}

/// The ranges of the sorted indexes that a filter needs.
const fn ranges(factor: FactorFilter) -> &'static [FactorFilter] {
    match factor {
        FactorFilter::Enrolled => &[FactorFilter::Enrolled],
        FactorFilter::NotEnrolled => &[FactorFilter::NotEnrolled],
        FactorFilter::All | FactorFilter::Locked => &[FactorFilter::NotEnrolled, FactorFilter::Enrolled],
    }
}

/// Along the index of the wanted order, as far as it takes to fill a page. Accounts with an entry and those without
/// have a range each, which are put together. Nothing but the index is read of an account until it fits.
fn walk(wanted: &Wanted, page: &Page) -> Sql {
    let key = format!("a.{}", column(page.sort));
    let mut sql = Sql::default();
    sql.add(&format!("SELECT {COLUMNS} FROM ("));
    for (number, range) in ranges(wanted.factor).iter().enumerate() {
        sql.add(if number == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        sql.add(&format!("SELECT {key} AS k, a.id FROM account a WHERE a.audience = "));
        sql.bind(wanted.audience.as_str()).add_enrolled(*range).add_place(page, &key, "a.id");
        sql.add_bits(&wanted.words.words).add_words(&wanted.words.words, "a.id");
        sql.add_order(page, &key, "a.id", page.limit).add(&format!(") r{number}"));
    }
    sql.add_order(page, "k", "id", page.limit);
    sql.add(") m CROSS JOIN account a WHERE a.id = m.id").add_order(page, "m.k", "m.id", page.limit);
    sql
}

/// The best of the rows of one word, as deep as told, as far as their accounts have the other words too.
fn collect(wanted: &Wanted, page: &Page, (word, others): (&String, &[String]), depth: u32) -> Sql {
    let key = column(page.sort);
    let mut sql = Sql::default();
    sql.add(&format!("SELECT {COLUMNS} FROM (SELECT DISTINCT s.k, s.account_id FROM ("));
    sql.add(&format!("SELECT {key} AS k, account_id FROM account_word WHERE ")).add_range(wanted.audience, word);
    sql.add_enrolled(wanted.factor).add_place(page, key, "account_id").add_order(page, key, "account_id", depth);
    sql.add(") s WHERE TRUE").add_words(others, "s.account_id");
    sql.add_order(page, "s.k", "s.account_id", page.limit);
    // Not a plain join: SQLite would be free to begin with the accounts.
    sql.add(") m CROSS JOIN account a WHERE a.id = m.account_id").add_order(page, "m.k", "m.account_id", page.limit);
    sql
}

/// The locked accounts, sorted.
fn locked(wanted: &Wanted, page: &Page) -> Sql {
    let key = format!("a.{}", column(page.sort));
    let mut sql = Sql::default();
    sql.add(&format!("SELECT {COLUMNS} FROM (SELECT * FROM account a WHERE a.audience = "));
    sql.bind(wanted.audience.as_str()).add_locked(wanted);
    // The limit keeps SQLite from walking along a sorted index instead.
    sql.add(&format!(" LIMIT {LOCKED_MOST}) a WHERE TRUE")).add_place(page, &key, "a.id");
    sql.add_words(&wanted.words.words, "a.id").add_order(page, &key, "a.id", page.limit);
    sql
}

#[cfg(test)]
mod tests;
