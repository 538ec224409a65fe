//! An account as its owner sees it.

use crate::{audit::types::Action, login::types::Audience, services::types::Channel};
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
    /// Whether the account has a secondary authentication entry, which can be used or not.
    pub has_entry: bool,
    /// Whether a required second factor has to be set up before anything else.
    pub enrollment_needed: bool,
    /// Days until it has to be, during the grace period.
    pub grace_days_left: Option<u32>,
    /// Minutes after which the session ends where nothing happens.
    pub idle_minutes: u32,
}

/// What would make an account safer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// Whether none of the account's entries can be used, so that the password alone opens it.
    pub unprotected: bool,
    /// How many recovery codes are left, where they are few.
    pub few_codes: Option<u32>,
    /// A stronger channel than the weak ones that the account has.
    pub stronger: Option<Channel>,
}

/// What protects an account, and what happened with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Security {
    /// The account's name.
    pub name: String,
    /// The account's email address.
    pub email: String,
    /// Whether password and factors were proved in the last minutes.
    pub stepped_up: bool,
    /// The shortest password that the account may choose, in characters.
    pub password_min: u32,
    /// The last events, newest first.
    pub activity: Vec<Activity>,
}

/// An event as the account's owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// When, UTC, `YYYY-MM-DD HH:MM`.
    pub at: String,
    /// What happened.
    pub action: Action,
    /// What it was done to, where that is not the account itself.
    pub subject: Option<String>,
    /// Where it came from.
    pub place: Place,
    /// Whether it was done, or refused.
    pub succeeded: bool,
}

/// Where an event came from. The network address of another person is not shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Place {
    /// A client's address.
    Address(String),
    /// Another account, which only an administrator's can be.
    Administrator,
    /// The command line or the server itself.
    System,
}

/// A new address that waits for its proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewEmail {
    /// The new address.
    pub email: String,
    /// Whose account it is for.
    pub audience: Audience,
}
