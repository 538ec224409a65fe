//! What the link in a notice is about.

use crate::audit::types::Action;
use serde::{Deserialize, Serialize};

/// What a link that works is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disputed {
    /// The address that the notice went to.
    pub email: String,
    /// What happened.
    pub what: Action,
    /// When it was told, UTC, `YYYY-MM-DD HH:MM`.
    pub time: String,
    /// What follows from it.
    pub then: Then,
}

/// What follows once someone has said that it was not them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// A link for a new password goes to the account's address.
    Link,
    /// The account has another address by now, so it is disabled until an administrator has checked that.
    Hold,
    /// The same, of the only administrator, whom nobody else could enable again.
    Alone,
}
