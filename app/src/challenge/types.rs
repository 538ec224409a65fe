//! What the code screen shows.

use crate::{error::Refusal, passkey::types::Ceremony, services::types::Channel};
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
    /// Where the code went: masked, unless it was entered just now to be set up.
    pub destination: String,
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
    /// Where its codes go, masked; nothing where none are sent.
    pub destination: String,
}
