//! Who signs in.

use serde::{Deserialize, Serialize};

/// Who an account is for, and which part of the site it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Runs the organisation's console.
    Admin,
    /// Uses the account pages.
    Customer,
}

impl Audience {
    /// Both audiences, in the order of the pages.
    pub const ALL: [Self; 2] = [Self::Admin, Self::Customer];

    /// The name in addresses, tables and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Customer => "customer",
        }
    }
}

impl std::str::FromStr for Audience {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|a| a.as_str() == text).ok_or(())
    }
}
