//! One account as administrators see it, and the pages that it has.

use super::types::FactorState;
use crate::{
    audit::types::AuditList,
    delivery::types::Delivery,
    devices::types::Device,
    enrollment::types::{DeletedEntry, Entry},
    language::types::Language,
    sessions::types::SessionRow,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The pages of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Who it is, and what can be done about it.
    Details,
    /// What it proves itself by.
    TwoFactor,
    /// What happened with it.
    Activity,
}

impl Tab {
    /// What its address ends with, after the account's own.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Details => "",
            Self::TwoFactor => "/two-factor",
            Self::Activity => "/activity",
        }
    }
}

/// Whether accounts may, or have to, use two-factor authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Requirement {
    /// It is not allowed to them.
    NotAllowed,
    /// They choose.
    Optional,
    /// They have to.
    Required,
}

/// One account, with everything that an administrator needs to help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountDetails {
    /// The account's id.
    pub id: Uuid,
    /// The person's name.
    pub name: String,
    /// The address.
    pub email: String,
    /// Whether it is the caller's own account.
    pub me: bool,
    /// Its second factor.
    pub factor: FactorState,
    /// Since when it is disabled, UTC, `YYYY-MM-DD HH:MM`.
    pub disabled_since: Option<String>,
    /// Until when the second factor is locked, same format.
    pub locked_until: Option<String>,
    /// Whether the second factor was switched off after too many failures, until it is set up again.
    pub switched_off: bool,
    /// Wrong codes in a row.
    pub wrong_codes: u32,
    /// Whether its password is not looked at for some minutes.
    pub password_paused: bool,
    /// The last finished sign-in, same format.
    pub last_sign_in: Option<String>,
    /// When it was created, same format.
    pub created: String,
    /// Its secondary authentication entries.
    pub entries: Vec<Entry>,
    /// Entries that were deleted in the last day.
    pub deleted: Vec<DeletedEntry>,
    /// Its trusted devices.
    pub devices: Vec<Device>,
    /// Its sessions.
    pub sessions: Vec<SessionRow>,
    /// How many recovery codes it has left.
    pub recovery_codes: u32,
    /// Whether it may, or has to, use two-factor authentication.
    pub requirement: Requirement,
    /// The language that it has chosen.
    pub language: Option<Language>,
    /// Whether the caller has proved password and factors in the last minutes.
    pub stepped_up: bool,
}

/// What happened with an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountActivity {
    /// A page of what it did and what was done to it.
    pub events: AuditList,
    /// The last messages to it, newest first.
    pub deliveries: Vec<Delivery>,
}
