//! Entries and what can be added.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A proved secondary authentication entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The entry's id.
    pub id: Uuid,
    /// The secondary auth's title.
    pub title: String,
    /// Where codes go, masked.
    pub destination: String,
    /// When it was proved, UTC, `YYYY-MM-DD HH:MM`.
    pub added: String,
    /// When it was last used to sign in, same form.
    pub last_used: Option<String>,
    /// Whether its provider can send at the moment.
    pub usable: bool,
    /// Whether sign-ins begin with it.
    pub preferred: bool,
}

/// A secondary auth that can be set up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// The secondary auth's id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
}

/// What the two-factor page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoFactor {
    /// The entries, newest first.
    pub entries: Vec<Entry>,
    /// What can still be added.
    pub choices: Vec<Choice>,
    /// The account's address, offered as the first destination.
    pub email: String,
    /// Whether a code for a new entry is on its way.
    pub pending: bool,
    /// Whether the second factor was switched off after too many failures.
    pub disabled: bool,
    /// Whether the entries can be changed without confirming one's identity first.
    pub stepped_up: bool,
}
