//! What the link for a new password leads to.

use crate::login::types::Audience;
use serde::{Deserialize, Serialize};

/// What a link that works allows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResetLink {
    /// The account's audience.
    pub audience: Audience,
    /// The account's address.
    pub email: String,
    /// The shortest password that the account may have, in characters.
    pub min: u32,
}
