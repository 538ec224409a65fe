//! Trusted devices as people see them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A trusted device of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Its id.
    pub id: Uuid,
    /// The browser, in short words.
    pub browser: String,
    /// The client's address at its last use.
    pub address: String,
    /// When it was last used, UTC, `YYYY-MM-DD HH:MM`.
    pub last_used: String,
    /// When its trust ends, same format.
    pub expires: String,
    /// Whether it is the current browser.
    pub this_one: bool,
}
