//! Queries about lists of accounts, made for a million of them. A page begins at a place (the sort key and id of a
//! row) and is read from an index that has the wanted order, so that the last page costs what the first one does.
//!
//! A search takes one of three ways. Where its rarest word has no more rows than `COLLECT_MOST`, these are read (they
//! stand side by side, with all that is sorted and filtered by) and the best of them kept. Otherwise so many accounts
//! fit that walking along the sorted index soon fills a page. Where it does not, because common words hardly ever meet
//! in one account, the rows of all words are held against each other as a whole, which costs more, but no more than
//! reading them once.

use crate::{accounts::search_words, error::Error};
use app::{
    login::types::Audience,
    users::types::{FactorFilter, Sort},
};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Up to this many rows of a word are read and sorted.
const COLLECT_MOST: u32 = 50_000;
/// How many of the best rows of the rarest word are held one by one against the other words: first few, then more.
const DEPTHS: [u32; 3] = [2_000, 20_000, COLLECT_MOST];
/// So many accounts are looked at along a sorted index, one by one, before another way is taken.
const WALK_MOST: u32 = 2_000;
/// How many rows of a word are looked at to count accounts, where each has to be held against other words.
const COUNT_DEPTH: u32 = 2_000;
/// Far more accounts are never locked at a time: it takes their passwords.
const LOCKED_MOST: u32 = 100_000;

/// Which accounts a list shows.
pub struct Wanted {
    /// Whose accounts.
    pub audience: Audience,
    /// Beginnings of words; an account fits that has a word for each of them.
    pub words: Search,
    /// Which second factor.
    pub factor: FactorFilter,
    /// Seconds, to tell who is locked.
    pub now: i64,
    /// As many failures switch a second factor off.
    pub switched_off_at: u32,
}

/// The words of a search.
#[derive(Default)]
pub struct Search {
    /// The one with the fewest rows comes first.
    words: Vec<String>,
    /// How many rows that one has, as far as it matters.
    rows: u32,
}

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

/// Which of them a page shows.
pub struct Page {
    /// What they are sorted by.
    pub sort: Sort,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The place after which the page begins; none for the beginning.
    pub after: Option<Place>,
    /// How many rows.
    pub limit: u32,
}

/// A place in a list: the sort key and id of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The sort key.
    pub key: Key,
    /// The id, which decides between equal keys.
    pub id: Uuid,
}

/// A sort key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A time.
    Time(i64),
    /// A name or an address.
    Text(String),
}

/// An account as lists need it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    /// The account's id.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Whether it has an entry.
    pub enrolled: bool,
    /// Consecutive wrong codes.
    pub factor_failures: i32,
    /// Until when no code is checked.
    pub factor_locked_until: Option<i64>,
    /// Since when it is disabled.
    pub disabled_at: Option<i64>,
    /// The last finished sign-in.
    pub last_sign_in_at: Option<i64>,
    /// When it was created.
    pub created_at: i64,
    name_key: String,
    email_key: String,
}

impl Row {
    /// Its place in a list that is sorted by this.
    pub fn place(&self, sort: Sort) -> Place {
        let key = match sort {
            Sort::Name => Key::Text(self.name_key.clone()),
            Sort::Email => Key::Text(self.email_key.clone()),
            Sort::LastSignIn => Key::Time(self.last_sign_in_at.unwrap_or_default()),
            Sort::Created => Key::Time(self.created_at),
        };
        Place { key, id: self.id }
    }
}

const COLUMNS: &str = "a.id, a.name, a.email, a.enrolled, a.factor_failures, a.factor_locked_until, a.disabled_at, \
                       a.last_sign_in_at, a.created_at, a.name_key, a.email_key";

/// The column that holds a sort key, of an account and of its words.
const fn column(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => "name_key",
        Sort::Email => "email_key",
        Sort::LastSignIn => "last_sign_in_key",
        Sort::Created => "created_at",
    }
}

/// A statement that is being written, with its values.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `audience = … AND word …`: the rows of all words that begin like this.
    fn add_range(&mut self, audience: Audience, word: &str) -> &mut Self {
        self.add("audience = ").bind(audience.as_str());
        self.add(" AND word >= ").bind(word).add(" AND word < ").bind(after_all(word))
    }

    /// ` AND EXISTS …` for each word that an account has to have. The offset keeps PostgreSQL from turning this into
    /// a join, which would read all rows of the word.
    fn add_words(&mut self, words: &[String], id: &str) -> &mut Self {
        for word in words {
            self.add(" AND EXISTS (SELECT 1 FROM account_word x WHERE x.account_id = ").add(id);
            self.add(" AND x.word >= ").bind(word.as_str()).add(" AND x.word < ").bind(after_all(word));
            self.add(" LIMIT 1 OFFSET 0)");
        }
        self
    }

    /// ` AND (key, id) > …` where the page does not begin at the beginning.
    fn add_place(&mut self, page: &Page, key: &str, id: &str) -> &mut Self {
        let Some(place) = &page.after else { return self };
        let sign = if page.descending { "<" } else { ">" };
        self.add(&format!(" AND ({key}, {id}) {sign} ("));
        match &place.key {
            Key::Time(time) => self.bind(*time),
            Key::Text(text) => self.bind(text.as_str()),
        };
        self.add(", ").bind(place.id).add(")")
    }

    fn add_order(&mut self, page: &Page, key: &str, id: &str, limit: u32) -> &mut Self {
        let direction = if page.descending { "DESC" } else { "ASC" };
        self.add(&format!(" ORDER BY {key} {direction}, {id} {direction} LIMIT {limit}"))
    }

    /// Of an account, or of one of its words: whether it has an entry.
    fn add_enrolled(&mut self, factor: FactorFilter) -> &mut Self {
        match factor {
            FactorFilter::Enrolled => self.add(" AND enrolled = TRUE"),
            FactorFilter::NotEnrolled => self.add(" AND enrolled = FALSE"),
            FactorFilter::All | FactorFilter::Locked => self,
        }
    }

    /// Locked at this moment, or switched off. A factor that was switched off had been locked before.
    fn add_locked(&mut self, wanted: &Wanted) -> &mut Self {
        self.add(" AND a.factor_locked_until > 0 AND (a.factor_locked_until > ").bind(wanted.now);
        self.add(" OR a.factor_failures >= ").bind(i64::from(wanted.switched_off_at)).add(")")
    }

    fn statement(self, db: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }
}

/// A page of the wanted accounts.
pub async fn page(db: &impl ConnectionTrait, wanted: &Wanted, page: &Page) -> Result<Vec<Row>, Error> {
    if wanted.factor == FactorFilter::Locked {
        return rows(db, locked(wanted, page)).await;
    }
    let Some(rarest) = wanted.words.words.split_first() else { return rows(db, walk(wanted, page)).await };
    if wanted.words.rows > COLLECT_MOST {
        let sql = if fills_soon(db, wanted, page).await? { walk(wanted, page) } else { meet(wanted, page, rarest) };
        return rows(db, sql).await;
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

/// Whether each range that a page is walked through fills it, or ends, within a few accounts.
async fn fills_soon(db: &impl ConnectionTrait, wanted: &Wanted, page: &Page) -> Result<bool, Error> {
    let key = format!("a.{}", column(page.sort));
    for range in ranges(wanted.factor) {
        let count = async |words: &[String], most: u32| {
            let mut sql = Sql::default();
            sql.add("SELECT count(*) AS n, count(*) AS read FROM (SELECT 1 FROM (");
            sql.add("SELECT a.id FROM account a WHERE a.audience = ").bind(wanted.audience.as_str());
            sql.add_enrolled(*range).add_place(page, &key, "a.id").add_order(page, &key, "a.id", WALK_MOST);
            sql.add(") s WHERE TRUE").add_words(words, "s.id").add(&format!(" LIMIT {most}) c"));
            number(db, sql).await.map(|number| number.n)
        };
        if count(&wanted.words.words, page.limit).await? < page.limit && count(&[], WALK_MOST).await? == WALK_MOST {
            return Ok(false);
        }
    }
    Ok(true)
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
/// have a range each, which are put together.
fn walk(wanted: &Wanted, page: &Page) -> Sql {
    let key = format!("a.{}", column(page.sort));
    let mut sql = Sql::default();
    for (number, range) in ranges(wanted.factor).iter().enumerate() {
        sql.add(if number == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        sql.add(&format!("SELECT {COLUMNS}, {key} AS k FROM account a WHERE a.audience = "));
        sql.bind(wanted.audience.as_str()).add_enrolled(*range).add_place(page, &key, "a.id");
        sql.add_words(&wanted.words.words, "a.id").add_order(page, &key, "a.id", page.limit);
        sql.add(&format!(") r{number}"));
    }
    sql.add_order(page, "k", "id", page.limit);
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

/// The best of all rows of one word whose accounts have the other words too. The others are read once as a whole and not
/// looked up one by one.
fn meet(wanted: &Wanted, page: &Page, (word, others): (&String, &[String])) -> Sql {
    let key = column(page.sort);
    let mut sql = Sql::default();
    sql.add(&format!("SELECT {COLUMNS} FROM (SELECT DISTINCT s.k, s.account_id FROM ("));
    sql.add(&format!("SELECT {key} AS k, account_id FROM account_word WHERE ")).add_range(wanted.audience, word);
    // The limit is never reached. It keeps the database from looking up each account of the others in the first one.
    sql.add_enrolled(wanted.factor).add_place(page, key, "account_id").add(" LIMIT 1000000000) s WHERE TRUE");
    for other in others {
        sql.add(" AND s.account_id IN (SELECT account_id FROM account_word WHERE ");
        sql.add_range(wanted.audience, other).add(")");
    }
    sql.add_order(page, "s.k", "s.account_id", page.limit);
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

/// What follows all words that begin like this.
fn after_all(word: &str) -> String {
    format!("{word}{}", char::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::{search_words::words_of, store as accounts},
        entity::{account, stored::Stored},
        testing::{START, on_every_database, sqlite},
    };
    use sea_orm::{ActiveModelTrait, EntityTrait};

    /// Many accounts called Anna; the last of them is Zora.
    async fn fill(db: &impl ConnectionTrait, many: usize) {
        let account = |n: usize| {
            let (name, email) =
                (format!("Anna {}", if n + 1 == many { "Zora" } else { "Berg" }), format!("a{n}@x.org"));
            account::Model {
                id: Uuid::now_v7(),
                audience: Stored(Audience::Customer),
                email_key: email.clone(),
                email,
                name_key: name.to_lowercase(),
                name,
                password_hash: String::new(),
                created_at: START + (n % 9) as i64,
                disabled_at: None,
                factor_failures: 0,
                factor_locked_until: None,
                last_sign_in_at: (!n.is_multiple_of(3)).then_some(START + (n % 5) as i64),
                grace_ends_at: None,
                suggestion_dismissed_at: None,
            }
        };
        let models: Vec<_> = (0..many).map(account).collect();
        for some in models.chunks(500) {
            let rows = some.iter().map(|model| account::ActiveModel::from(model.clone()).reset_all());
            account::Entity::insert_many(rows).exec_without_returning(db).await.expect("inserted");
            let words = some
                .iter()
                .flat_map(|model| words_of(&model.name, &model.email).into_iter().map(|word| (model.id, word)));
            accounts::put_words(db, words.collect()).await.expect("inserted");
        }
    }

    #[tokio::test]
    async fn collecting_and_walking_find_the_same() {
        on_every_database(async |house| {
            let db = &house.core.db;
            // More than the first depth, so that the one Zora is only found by looking deeper.
            fill(db, 2_200).await;
            for text in [
                vec!["anna"],
                vec!["a"],
                vec!["anna", "z"],
                vec!["a", "x"],
                // These two never meet.
                vec!["berg", "z"],
                vec!["anna", "berg", "x"],
            ] {
                let words: Vec<_> = text.iter().map(|word| (*word).to_owned()).collect();
                for sort in Sort::ALL {
                    for descending in [false, true] {
                        let mut results = Vec::new();
                        for rows in [None, Some(COLLECT_MOST + 1)] {
                            let search = Search::prepare(db, Audience::Customer, words.clone()).await.expect("answers");
                            let search = Search { rows: rows.unwrap_or(search.rows), ..search };
                            let wanted = Wanted {
                                audience: Audience::Customer,
                                words: search,
                                factor: FactorFilter::All,
                                now: START,
                                switched_off_at: 100,
                            };
                            let mut ids = Vec::new();
                            let mut after = None;
                            for _ in 0..3 {
                                let one = Page { sort, descending, after, limit: 51 };
                                let found = page(db, &wanted, &one).await.expect("answers");
                                ids.extend(found.iter().map(|row| row.id));
                                after = found.last().map(|row| row.place(sort));
                            }
                            results.push(ids);
                        }
                        assert_eq!(results[0], results[1], "{text:?} {sort:?} {descending}");
                    }
                }
            }
            let zora = Search::prepare(db, Audience::Customer, vec!["anna".into(), "z".into()]).await.expect("answers");
            assert_eq!((zora.words[0].as_str(), zora.rows), ("z", 1), "the rarest comes first");
        })
        .await;
    }

    #[derive(FromQueryResult)]
    struct Plan {
        detail: String,
    }

    #[tokio::test]
    async fn every_page_is_read_from_an_index() {
        let house = sqlite().await;
        let db = &house.core.db;
        for factor in FactorFilter::ALL {
            for sort in Sort::ALL {
                for words in [vec![], vec!["a".to_owned()], vec!["a".to_owned(), "b".to_owned()]] {
                    let place = match sort {
                        Sort::Name | Sort::Email => Key::Text("m".to_owned()),
                        Sort::LastSignIn | Sort::Created => Key::Time(1),
                    };
                    let one =
                        Page { sort, descending: true, after: Some(Place { key: place, id: Uuid::nil() }), limit: 51 };
                    let words = Search { words, rows: 1 };
                    let wanted = Wanted { audience: Audience::Customer, words, factor, now: START, switched_off_at: 9 };
                    let mut all = Vec::new();
                    if factor == FactorFilter::Locked {
                        let index = "SEARCH a USING INDEX account_locked (audience=? AND factor_locked_until>?)";
                        all.push((locked(&wanted, &one), index.to_owned()));
                    } else {
                        let key = column(sort);
                        let range = format!(
                            "account_audience_enrolled_{key}_id (audience=? AND enrolled=? AND ({key},id)<(?,?))"
                        );
                        all.push((walk(&wanted, &one), format!("SEARCH a USING INDEX {range}")));
                        if let Some(rarest) = wanted.words.words.split_first() {
                            let range = "SEARCH account_word USING PRIMARY KEY (audience=? AND word>? AND word<?)";
                            all.push((collect(&wanted, &one, rarest, 9), range.to_owned()));
                            all.push((meet(&wanted, &one, rarest), range.to_owned()));
                        }
                    }
                    for (sql, expected) in all {
                        let statement = sql.statement(db);
                        let plan = Statement { sql: format!("EXPLAIN QUERY PLAN {}", statement.sql), ..statement };
                        let plan = Plan::find_by_statement(plan).all(db).await.expect("a plan");
                        let plan: Vec<_> = plan.into_iter().map(|row| row.detail).collect();
                        assert!(plan.contains(&expected), "{expected} is missing: {plan:#?}");
                    }
                }
            }
        }
    }

    #[tokio::test]
    async fn counting_is_honest() {
        on_every_database(async |house| {
            let db = &house.core.db;
            fill(db, 1_500).await;
            let count = async |words: &[&str], factor| {
                let words = words.iter().map(|word| (*word).to_owned()).collect();
                let words = Search::prepare(db, Audience::Customer, words).await.expect("answers");
                let wanted = Wanted { audience: Audience::Customer, words, factor, now: START, switched_off_at: 100 };
                super::count(db, &wanted, 1_000).await.expect("answers")
            };
            assert_eq!(count(&[], FactorFilter::All).await, (1_000, false));
            assert_eq!(count(&["anna"], FactorFilter::All).await, (1_000, false));
            assert_eq!(count(&["berg", "x"], FactorFilter::All).await, (1_000, false));
            assert_eq!(count(&["zora"], FactorFilter::All).await, (1, true));
            assert_eq!(count(&["anna", "zora"], FactorFilter::NotEnrolled).await, (1, true));
            assert_eq!(count(&["anna"], FactorFilter::Enrolled).await, (0, true));
            assert_eq!(count(&["anna"], FactorFilter::Locked).await, (0, true));
        })
        .await;
    }
}
