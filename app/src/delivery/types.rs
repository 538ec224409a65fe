//! What messages are about.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A verification code.
    Code,
    /// An invitation.
    Invitation,
    /// A link for a new password.
    PasswordReset,
    /// A link that finishes a registration.
    Registration,
    /// A link that proves a new address.
    EmailChange,
    /// The announcement of a change.
    Notice,
}

impl MessageKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Code, Self::Invitation, Self::PasswordReset, Self::Registration, Self::EmailChange, Self::Notice];

    /// The name in the table.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Invitation => "invitation",
            Self::PasswordReset => "password_reset",
            Self::Registration => "registration",
            Self::EmailChange => "email_change",
            Self::Notice => "notice",
        }
    }
}

impl FromStr for MessageKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(())
    }
}
