//! What the link of a registration leads to.

use serde::{Deserialize, Serialize};

/// What a link that works allows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegistrationLink {
    /// The name that was entered.
    pub name: String,
    /// The address that it proves.
    pub email: String,
}
