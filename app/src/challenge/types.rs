//! What the code screen shows.

use crate::{
    error::{DeliveryFailureKind, Refusal},
    passkey::types::Ceremony,
    services::types::Channel,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use uuid::Uuid;

/// What a proof is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Finishing a sign-in.
    SignIn,
    /// Setting up an entry.
    Enroll,
    /// Proving again who one is.
    StepUp,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::SignIn, Self::Enroll, Self::StepUp];

    /// The name in forms and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Enroll => "enroll",
            Self::StepUp => "step_up",
        }
    }
}

impl FromStr for Purpose {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text).ok_or(())
    }
}

/// A challenge as its person may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeScreen {
    /// What the code comes by.
    pub kind: Channel,
    /// Where the code went, masked unless it was entered just now to be set up; or the names of passkeys.
    pub destination: Option<String>,
    /// Three letters that stand on the message too.
    pub reference: String,
    /// Minutes that the code works from its sending on.
    pub lifetime_minutes: u32,
    /// Seconds until a new code can be sent.
    pub resend_in: u32,
    /// Days that "Trust this device" lasts; 0 where trusting is off.
    pub trust_days: u32,
    /// Whether there is another method to choose.
    pub has_other_methods: bool,
    /// Why there is no code on its way, or none can be entered.
    pub problem: Option<Refusal>,
    /// What a passkey is asked.
    pub passkey: Option<Ceremony>,
    /// How far the last message is, where one was sent.
    pub progress: Option<Progress>,
    /// Seconds since the last code was asked for.
    pub age: u32,
}

/// How far the message of a code is. Of the mail server's own words it holds none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The code's reference.
    pub reference: String,
    /// How far it is.
    pub stage: Stage,
    /// When it was taken, or is tried again: UTC, `YYYY-MM-DD HH:MM:SS`.
    pub at: Option<String>,
    /// Why it was not taken so far.
    pub failure: Option<DeliveryFailureKind>,
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It waits for a server of ours.
    Queued,
    /// It is with the provider, which has not answered yet.
    Sending,
    /// The provider asks us to wait.
    PutOff,
    /// The provider took it.
    Accepted,
    /// It was refused, and is not sent again.
    Refused,
}

impl Stage {
    /// Whether nothing more becomes of it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused)
    }
}

/// A way to prove who one is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// The entry's id.
    pub id: Uuid,
    /// What it is.
    pub kind: Channel,
    /// The secondary auth's title.
    pub title: String,
    /// Where its codes go, masked, where any are sent.
    pub destination: Option<String>,
}
