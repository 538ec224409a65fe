//! The account as its own person sees it.

use serde::{Deserialize, Serialize};

/// Who is signed in, and what is offered to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The account's name.
    pub name: String,
    /// The account's email address.
    pub email: String,
    /// Whether two-factor authentication is allowed for this audience.
    pub two_factor_allowed: bool,
    /// How many secondary authentication entries the account has.
    pub entries: u32,
    /// Whether a required second factor has to be set up before anything else.
    pub enrollment_needed: bool,
    /// Days until it has to be, during the grace period.
    pub grace_days_left: Option<u32>,
}
