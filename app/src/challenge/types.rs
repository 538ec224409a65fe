//! What the code screen shows.

use crate::{error::Refusal, passkey::types::Ceremony, services::types::Channel};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A challenge as its person may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeScreen {
    /// What the code comes by.
    pub kind: Channel,
    /// Where the code went, masked.
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
