//! The parts that statements about lists of accounts are made of.

use super::wanted::{Key, Page, Wanted};
use crate::accounts::search_words::bits_of;
use app::{
    login::types::Audience,
    users::types::{FactorFilter, Sort},
};
use sea_orm::{ConnectionTrait, Statement, Value};

/// The column that holds a sort key, of an account and of its words.
pub(super) const fn column(sort: Sort) -> &'static str {
    match sort {
        Sort::Name => "name_key",
        Sort::Email => "email_key",
        Sort::LastSignIn => "last_sign_in_key",
        Sort::Created => "created_at",
    }
}

/// A statement that is being written, with its values.
#[derive(Default)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    pub(super) fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.add(&place)
    }

    /// `audience = … AND word …`: the rows of all words that begin like this.
    pub(super) fn add_range(&mut self, audience: Audience, word: &str) -> &mut Self {
        self.add("audience = ").bind(audience.as_str());
        self.add(" AND word >= ").bind(word).add(" AND word < ").bind(after_all(word))
    }

    /// ` AND EXISTS …` for each word that an account has to have. The offset keeps PostgreSQL from turning this into
    /// a join, which would read all rows of the word.
    pub(super) fn add_words(&mut self, words: &[String], id: &str) -> &mut Self {
        for word in words {
            self.add(" AND EXISTS (SELECT 1 FROM account_word x WHERE x.account_id = ").add(id);
            self.add(" AND x.word >= ").bind(word.as_str()).add(" AND x.word < ").bind(after_all(word));
            self.add(" LIMIT 1 OFFSET 0)");
        }
        self
    }

    /// ` AND search_bits …`: passes over most accounts that do not have words which begin like these, by the index alone.
    pub(super) fn add_bits(&mut self, words: &[String]) -> &mut Self {
        match bits_of(words) {
            0 => self,
            bits => self.add(" AND (a.search_bits & ").bind(bits).add(") = ").bind(bits),
        }
    }

    /// ` AND (key, id) > …` where the page does not begin at the beginning.
    pub(super) fn add_place(&mut self, page: &Page, key: &str, id: &str) -> &mut Self {
        let Some(place) = &page.after else { return self };
        let sign = if page.descending { "<" } else { ">" };
        self.add(&format!(" AND ({key}, {id}) {sign} ("));
        match &place.key {
            Key::Time(time) => self.bind(*time),
            Key::Text(text) => self.bind(text.as_str()),
        };
        self.add(", ").bind(place.id).add(")")
    }

    pub(super) fn add_order(&mut self, page: &Page, key: &str, id: &str, limit: u32) -> &mut Self {
        let direction = if page.descending { "DESC" } else { "ASC" };
        self.add(&format!(" ORDER BY {key} {direction}, {id} {direction} LIMIT {limit}"))
    }

    /// Of an account, or of one of its words: whether it has an entry.
    pub(super) fn add_enrolled(&mut self, factor: FactorFilter) -> &mut Self {
        match factor {
            FactorFilter::Enrolled => self.add(" AND enrolled = TRUE"),
            FactorFilter::NotEnrolled => self.add(" AND enrolled = FALSE"),
            FactorFilter::All | FactorFilter::Locked => self,
        }
    }

    /// Locked at this moment, or switched off. A factor that was switched off had been locked before.
    pub(super) fn add_locked(&mut self, wanted: &Wanted) -> &mut Self {
        self.add(" AND a.factor_locked_until > 0 AND (a.factor_locked_until > ").bind(wanted.now);
        self.add(" OR a.factor_failures >= ").bind(i64::from(wanted.switched_off_at)).add(")")
    }

    pub(super) fn statement(self, db: &impl ConnectionTrait) -> Statement {
        Statement::from_sql_and_values(db.get_database_backend(), self.text, self.values)
    }
}

/// What follows all words that begin like this.
fn after_all(word: &str) -> String {
    format!("{word}{}", char::MAX)
}
