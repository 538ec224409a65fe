//! Sessions as people see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A session of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// The browser, in short words.
    pub browser: String,
    /// The client's address at the sign-in.
    pub address: String,
    /// When it began, UTC, `YYYY-MM-DD HH:MM`.
    pub began: String,
    /// When it was last used, same format.
    pub last_used: String,
    /// Whether it is the current session.
    pub this_one: bool,
}
