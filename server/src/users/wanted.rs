//! What a list of accounts is asked for, and what it consists of.

use app::{
    login::types::Audience,
    users::types::{FactorFilter, Sort},
};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    pub(super) words: Vec<String>,
    /// How many rows that one has, as far as it matters.
    pub(super) rows: u32,
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
