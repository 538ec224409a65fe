//! Invitations as administrators and the invited see them.

use crate::login::types::Audience;
use serde::{Deserialize, Serialize};

/// An invitation that no one has accepted yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// The name that the account will have.
    pub name: String,
    /// The address that it was sent to.
    pub email: String,
    /// When it was sent, UTC, `YYYY-MM-DD HH:MM`.
    pub sent: String,
    /// Until when its link works, same format.
    pub expires: String,
}

/// The pending invitations of an audience.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending {
    /// The newest of them, newest first.
    pub invitations: Vec<Invitation>,
    /// Whether there are older ones.
    pub more: bool,
}

/// What the invitation form rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// Whether an active service can send mail.
    pub mail: bool,
    /// Hours that an invitation works.
    pub hours: u32,
}

/// Who is invited, for the page behind the link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invited {
    /// The audience of the new account.
    pub audience: Audience,
    /// The name that the account will have.
    pub name: String,
    /// The address that the link proves.
    pub email: String,
    /// The shortest password, in characters.
    pub password_min: u32,
}
